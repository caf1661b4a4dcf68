"""The record: engine, tables, outbox, searchable documents."""
