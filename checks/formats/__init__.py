"""Parsers of outside formats: bytes in, typed structs out, `ParseError` otherwise. No I/O."""
