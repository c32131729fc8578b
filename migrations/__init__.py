"""The history of tables, policies, grants and functions, and the commands that walk and extend it."""
