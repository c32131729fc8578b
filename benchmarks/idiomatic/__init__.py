"""The same API as one writes it by the documentation: Strawberry types, SQLAlchemy's ORM, a DataLoader a relation."""
