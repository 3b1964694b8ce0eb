/** A request of the OpenAI-compatible API of the inference service, for a shell. */
export function curl(path: string, body: unknown): string {
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl http://127.0.0.1:7413${path} -H 'Content-Type: application/json' -H "Authorization: Bearer $ROOTSTOCK_TOKEN" -d '${json}'`;
}
