"""HTTP itself: what a client sent, made well-formed; which media type it gets; how problems and answers are written."""
