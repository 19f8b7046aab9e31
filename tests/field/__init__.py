"""What operators really write: a file a kind of report (issue 16), each with siblings of our own."""
