"""The bytes of a Parquet file in; its rows, the header first, out."""

from __future__ import annotations

import math

from antq_helpers.reading.guards import MOST_PLAIN_CELLS, Cells, check_bytes


def read_parquet(content: bytes) -> list[list]:
    """Give the header and every row; blank where a value is missing.

    An index that has a name is a column, before the others; lists and the like are text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    source = pa.BufferReader(content)
    schema = parquet.read_schema(source)
    Cells(most=MOST_PLAIN_CELLS).take(*_size(parquet.read_metadata(source)))
    # As a dictionary each text is held once, however many millions of cells say it.
    texts = [field.name for field in schema if _is_text(field.type)]
    table = parquet.ParquetFile(source, read_dictionary=texts).read()
    given = (schema.pandas_metadata or {}).get("index_columns", [])
    index = [name for name in given if isinstance(name, str)]  # one that only counts is no text
    names = [name for name in index if not name.startswith("__index_level_")]
    names += [name for name in table.column_names if name not in index]
    columns = [[name, *_values(table.column(name))] for name in names]
    check_bytes(sum(len(cell) for column in columns for cell in column if type(cell) is str))
    return list(map(list, zip(*columns, strict=True)))


def _size(metadata: object) -> tuple[int, int]:
    """Give rows and columns, or values and one where some rows hold many values."""
    rows, columns = metadata.num_rows + 1, metadata.num_columns
    values = sum(
        metadata.row_group(group).column(column).num_values
        for group in range(metadata.num_row_groups)
        for column in range(columns)
    )
    return (rows, columns) if values <= rows * columns else (values, 1)


def _is_text(kind: object) -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _values(column: object) -> list:
    """Give a column's values as Python has them."""
    import pyarrow as pa

    found = []
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            known = [_plain(value) for value in chunk.dictionary.to_pylist()]
            found += ["" if at is None else known[at] for at in chunk.indices.to_pylist()]
        else:
            found += map(_plain, chunk.to_pylist())
    return found


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        if value.is_integer():
            return int(value)
        return "" if math.isnan(value) else value
    return str(value) if isinstance(value, (list, dict, tuple, bytes)) else value
