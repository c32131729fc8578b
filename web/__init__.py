"""How a request arrives and who sent it: the ASGI application, its doors, its pages, its server process."""
