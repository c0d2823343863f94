"""The server: Flask, Peewee, one process for one office."""
