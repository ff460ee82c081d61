/** Reads comma-separated values, RFC 4180, with a head line: enough for the data sets that are replayed. */

/** One object a row, by the names in the head. Throws at a row with another number of fields. */
export function parseCsv(text: string): Record<string, string>[] {
  const [head, ...rows] = splitRows(text);
  if (!head) throw new Error('csv: no head line');
  return rows.map((row, i) => {
    if (row.length !== head.length)
      throw new Error(`csv: row ${i + 2} has ${row.length} fields, the head ${head.length}`);
    return Object.fromEntries(head.map((name, column) => [name, row[column] ?? '']));
  });
}

function splitRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n') {
      row.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      rows.push(row);
      row = [];
      field = '';
    } else field += c;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}
