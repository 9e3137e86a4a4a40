// A query in the fragment of the address, which no server sees: packed where that is shorter.

/** Return the fragment that stands for `text`. */
export async function packed(text) {
  const plain = new TextEncoder().encode(text);
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const small = new Uint8Array(await new Response(stream).arrayBuffer());
  const packedText = `#z=${base64(small)}`;
  const readable = `#query=${encodeURIComponent(text)}`;
  return packedText.length < readable.length ? packedText : readable;
}

/** Return the query in a fragment, or null if it holds none or a damaged one. */
export async function unpacked(fragment) {
  const match = /^#(query|z)=(.+)$/s.exec(fragment);
  if (!match) return null;
  try {
    if (match[1] === "query") return decodeURIComponent(match[2]);
    const bytes = Uint8Array.from(atob(match[2].replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const text = await new Response(stream).text();
    return text.length <= 1_000_000 ? text : null;
  } catch {
    return null;
  }
}

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
