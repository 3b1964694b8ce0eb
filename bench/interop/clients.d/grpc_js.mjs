// Checks of @grpc/grpc-js: by server reflection and by the protos.
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import reflection from "grpc-js-reflection-client";
import { MODEL, QUESTION, TOKEN, contains, equal, port, raises, run, text, usage } from "./checks.mjs";

const INFERENCE = "rootstock.inference.v1.InferenceService";
const SERVICES = ["registry", "tokenizer", "trainer", "inference"];
const OPTIONS = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true, includeDirs: [process.env.PROTOS] };
const address = (service) => `127.0.0.1:${port(service)}`;
const plain = grpc.credentials.createInsecure();
const metadata = (token = TOKEN) => {
  const header = new grpc.Metadata();
  header.set("authorization", `Bearer ${token}`);
  return header;
};
const request = {
  model: MODEL, messages: [{ role: "user", content: QUESTION }], options: { max_tokens: 24, sampling: { temperature: 0 } },
};
const inference = () => {
  const loaded = grpc.loadPackageDefinition(protoLoader.loadSync("rootstock/inference/v1/inference.proto", OPTIONS));
  return new loaded.rootstock.inference.v1.InferenceService(address(), plain);
};
const call = (client, method, message, header = metadata()) =>
  new Promise((resolve, reject) => client[method](message, header, (error, answer) => (error ? reject(error) : resolve(answer))));

await run("@grpc/grpc-js", {
  async reflection_of_all_services() {
    for (const service of SERVICES) {
      for (const version of ["v1", "v1alpha"]) {
        const client = new reflection.GrpcReflection(address(service), plain, {}, version);
        const names = await client.listServices("*", metadata());
        contains(names.join(" "), `rootstock.${service}.v1.`);
      }
    }
  },
  async chat_by_reflection() {
    const client = new reflection.GrpcReflection(address(), plain);
    const descriptor = await client.getDescriptorBySymbol(INFERENCE, metadata());
    const loaded = descriptor.getPackageObject(OPTIONS);
    const service = new loaded.rootstock.inference.v1.InferenceService(address(), plain);
    equal((await call(service, "Chat", request)).answers[0].message.content, text);
  },
  async chat() {
    const answer = (await call(inference(), "Chat", request)).answers[0];
    equal(answer.message.content, text);
    equal([answer.finish.prompt_tokens, answer.finish.completion_tokens], usage);
  },
  async chat_stream() {
    const parts = [];
    for await (const part of inference().ChatStream(request, metadata())) parts.push(part);
    equal(parts.map((part) => part.text).join(""), text);
    equal(parts.at(-1).finish.completion_tokens, usage[1]);
  },
  async cancelled_stream() {
    const stream = inference().ChatStream({ ...request, options: { max_tokens: 2000, min_tokens: 2000 } }, metadata());
    const failure = await raises(async () => {
      for await (const part of stream) if (part) stream.cancel();
    });
    equal(failure.code, grpc.status.CANCELLED);
  },
  async health_of_all_services() {
    const loaded = grpc.loadPackageDefinition(protoLoader.fromJSON({
      nested: { grpc: { nested: { health: { nested: { v1: { nested: {
        Request: { fields: { service: { type: "string", id: 1 } } },
        Response: { fields: { status: { type: "int32", id: 1 } } },
        Health: { methods: { Check: { requestType: "Request", responseType: "Response" } } },
      } } } } } } },
    }));
    for (const service of SERVICES) {
      const health = new loaded.grpc.health.v1.Health(address(service), plain);
      equal((await call(health, "Check", {}, new grpc.Metadata())).status, 1);
      const unknown = await raises(() => call(health, "Check", { service: "no.such" }, new grpc.Metadata()));
      equal(unknown.code, grpc.status.NOT_FOUND);
    }
  },
  async errors() {
    const unknown = await raises(() => call(inference(), "Chat", { ...request, model: "no-such-model" }));
    equal(unknown.code, grpc.status.NOT_FOUND);
    contains(unknown.details, "no-such-model");
    const wrong = await raises(() => call(inference(), "Chat", request, metadata("wrong")));
    equal(wrong.code, grpc.status.UNAUTHENTICATED);
    const invalid = await raises(() => call(inference(), "Chat", { ...request, options: { max_tokens: -1 } }));
    equal(invalid.code, grpc.status.INVALID_ARGUMENT);
    contains(invalid.details, "max_tokens");
  },
});
