"""Whatever an answer holds, as one text: page, JSON, CSV, workbook and document unpacked, headers too."""

import io
import zipfile
from urllib.parse import unquote


def said(response):
    """Body and headers. The marks are plain ASCII, so that no escape hides them."""
    body = response.getvalue()
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{unquote(headers)}\n{body.decode('utf-8', 'replace')}"
