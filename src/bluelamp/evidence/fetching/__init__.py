"""Downloads files from their publishers' own addresses, and never hands on wrong bytes.

    problem      what can go wrong, in words
    wanted       which files a source stands for: one, one for each month, or those of a list
    addresses    where a download may go, and what its file is called here
    asking       one request: redirects, time-outs, a body that cannot be longer than it says
    waiting      how long to wait before asking again, and when to give up
    part         the bytes so far, and of which version of the file they are
    contents     whether the bytes are what was promised
    downloading  one file, from the first request to its final name
    memory       what was fetched before, so as to ask only for what has changed

Nothing here runs unless somebody calls `bluelamp fetch`.
"""
