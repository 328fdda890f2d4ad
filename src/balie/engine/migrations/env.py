"""Alembic's environment: runs the revisions that ``engine.migrate`` found, on the connection it opened."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    on_version_apply=context.config.attributes.get("on_applied"),
)
with context.begin_transaction():
    context.run_migrations()
