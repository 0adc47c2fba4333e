"""
Documents sent by e-mail become drafts of the sender's organisation.

The sender's address can be forged, and no check of ours would change that: so a letter only ever makes drafts, and the
account it names is told what was taken. `reading` takes a letter apart, `taking` makes the drafts, `fetching` goes to
the mailbox. The standard library does it, IMAP and MIME: six commands are needed, and the bytes as they came.
"""
