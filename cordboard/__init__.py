"""The program: live processes, history, pages and the command line."""
