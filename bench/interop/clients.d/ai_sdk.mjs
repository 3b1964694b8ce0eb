// Checks of Vercel's AI SDK with its providers openai-compatible and openai (responses).
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, Output, ToolLoopAgent, embedMany, generateText, isStepCount, streamText, tool } from "ai";
import { z } from "zod";
import { MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, contains, equal, raises, run, text, usage } from "./checks.mjs";

const settings = { name: "rootstock", baseURL: URL, apiKey: TOKEN, includeUsage: true, supportsStructuredOutputs: true };
const compatible = createOpenAICompatible(settings);
const openai = createOpenAI({ baseURL: URL, apiKey: TOKEN });
const models = () => [compatible(MODEL), openai.chat(MODEL), openai.responses(MODEL)];
const greedy = { temperature: 0, maxOutputTokens: 24, maxRetries: 0 };
const City = z.object({ name: z.enum(["Paris"]), large: z.boolean() });
const weather = tool({
  description: "Weather of a city", inputSchema: z.object({ city: z.enum(["Paris"]) }),
  execute: ({ city }) => `${REPORT} in ${city}`,
});

await run("ai", {
  async chat() {
    for (const model of models()) {
      const answer = await generateText({ model, prompt: QUESTION, ...greedy });
      equal([answer.text, answer.finishReason], [text, "stop"]);
      equal([answer.usage.inputTokens, answer.usage.outputTokens], usage);
    }
  },
  async chat_stream() {
    for (const model of models()) {
      const answer = streamText({ model, prompt: QUESTION, ...greedy });
      const parts = [];
      for await (const part of answer.textStream) parts.push(part);
      equal([parts.join(""), parts.length > 4], [text, true]);
      const spent = await answer.usage;
      equal([spent.inputTokens, spent.outputTokens], usage);
    }
  },
  async tool_call_and_result() {
    for (const model of models()) {
      const prepareStep = ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? "required" : "none" });
      const answer = await generateText(
        { model, prompt: WEATHER, tools: { get_weather: weather }, stopWhen: isStepCount(2), prepareStep, ...greedy });
      equal(answer.steps[0].toolResults[0].output, `${REPORT} in Paris`);
      contains(answer.text, REPORT);
    }
  },
  async streamed_tool_call() {
    for (const model of models()) {
      const answer = streamText({ model, prompt: WEATHER, tools: { get_weather: weather }, toolChoice: "required", ...greedy });
      equal((await answer.toolCalls).map((call) => [call.toolName, call.input]), [["get_weather", { city: "Paris" }]]);
    }
  },
  async agent() {
    const agent = new ToolLoopAgent({ model: compatible(MODEL), ...greedy });
    equal((await agent.generate({ prompt: QUESTION })).text, text);
  },
  async structured_output() {
    for (const model of models()) {
      const output = Output.object({ schema: City });
      const answer = await generateText({ model, prompt: "Describe a city.", output, maxOutputTokens: 200, maxRetries: 0 });
      equal(answer.output.name, "Paris");
    }
  },
  async completions() {
    const answer = await generateText({ model: compatible.completionModel(MODEL), prompt: "1, 2, 3, 4,", ...greedy });
    equal(answer.text.length > 0, true);
  },
  async embeddings() {
    for (const model of [compatible.embeddingModel(MODEL), openai.embedding(MODEL)]) {
      const answer = await embedMany({ model, values: ["river", "tower"], maxRetries: 0 });
      equal([answer.embeddings.length, answer.embeddings[0].length > 100, answer.usage.tokens >= 2], [2, true, true]);
    }
  },
  async errors() {
    const unknown = await raises(() => generateText({ model: compatible("no-such-model"), prompt: QUESTION, maxRetries: 0 }));
    equal([APICallError.isInstance(unknown), unknown.statusCode, unknown.isRetryable], [true, 404, false]);
    contains(unknown.message, "no-such-model");
    for (const model of models()) {
      const long = await raises(() => generateText({ model, prompt: TOO_LONG, maxRetries: 0 }));
      equal(long.statusCode, 400);
      contains(long.message, "maximum context length");
    }
    const wrong = createOpenAICompatible({ ...settings, apiKey: "wrong" });
    equal((await raises(() => generateText({ model: wrong(MODEL), prompt: QUESTION, maxRetries: 0 }))).statusCode, 401);
  },
});
