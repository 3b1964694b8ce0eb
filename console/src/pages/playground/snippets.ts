/** A request to the OpenAI-compatible API of the inference service. */
export interface ApiRequest {
  path: '/v1/chat/completions' | '/v1/completions';
  body: Record<string, unknown>;
}

const ADDRESS = 'http://127.0.0.1:7413';

/** The request for a shell. */
export function curl({ path, body }: ApiRequest): string {
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl ${ADDRESS}${path} -H 'Content-Type: application/json' -H "Authorization: Bearer $ROOTSTOCK_TOKEN" -d '${json}'`;
}

/** The request with the Python package openai. */
export function python({ path, body }: ApiRequest): string {
  const method = path === '/v1/completions' ? 'completions' : 'chat.completions';
  const result = path === '/v1/completions' ? 'text' : 'message';
  return `import os
from openai import OpenAI

client = OpenAI(base_url="${ADDRESS}/v1", api_key=os.environ.get("ROOTSTOCK_TOKEN", "none"))
response = client.${method}.create(**${pythonLiteral(body)})
print(response.choices[0].${result})
`;
}

/** The request with the HTTP client of the JDK. */
export function java({ path, body }: ApiRequest): string {
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

void main() throws Exception {
    String body = ${JSON.stringify(JSON.stringify(body))};
    HttpRequest request = HttpRequest.newBuilder(URI.create("${ADDRESS}${path}"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + System.getenv("ROOTSTOCK_TOKEN"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
        IO.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
`;
}

function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonLiteral).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}: ${pythonLiteral(each)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}
