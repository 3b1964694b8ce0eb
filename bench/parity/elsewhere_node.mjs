// Compares our answers with those of a plain user of node-llama-cpp. Usage: node elsewhere_node.mjs FOLDER, from a folder
// where node-llama-cpp is installed. Writes FOLDER/node.json and prints a line for each model.
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import {pathToFileURL} from "node:url";
import {createRequire} from "node:module";

const entry = createRequire(path.join(process.cwd(), "package.json")).resolve("node-llama-cpp");
const {getLlama, LlamaCompletion, LlamaChat, LlamaLogLevel} = await import(pathToFileURL(entry));
const folder = process.argv[2];
const TOKENS = 48;
const counts = {continuations: [0, 0], chats: [0, 0]};
const llama = await getLlama({build: "never", gpu: false, logLevel: LlamaLogLevel.error});

// For the pre-tokenizers gpt-2, llama-bpe and dbrx llama_detokenize cleans up spaces, which node-llama-cpp uses and llama-server
// does not: the tokens are the same, the text loses spaces before punctuation.
function cleanedUp(text) {
    return text.replace(/ ([?!.,])/g, "$1").replace(/ ' /g, "'").replace(/ ('s|'m|'re|'ve)/g, "$1");
}

function count(name, kind, ours, actual) {
    const expected = ours.map(cleanedUp);
    const identical = expected.filter((text, i) => text === actual[i]).length;
    counts[kind][0] += identical;
    counts[kind][1] += expected.length;
    console.log(`${"node-llama-cpp".padEnd(40)} ${name.padEnd(12)} ${kind.padEnd(14)} ${String(identical).padStart(4)} of ${expected.length}`);
    expected.forEach((text, i) => {
        if (text !== actual[i]) {
            console.error(`    ours ${JSON.stringify(text)}\n  theirs ${JSON.stringify(actual[i])}`);
        }
    });
}

function history(messages) {
    return messages.map(({role, content}) => role === "assistant"
        ? {type: "model", response: [content]}
        : {type: role, text: content});
}

for (const name of ["base", "instruction", "lora"]) {
    const expected = JSON.parse(readFileSync(path.join(folder, name, "expected.json"), "utf8"));
    const model = await llama.loadModel({modelPath: path.join(folder, name, "model.gguf")});
    // One thread: the models are small, and threads that wait for each other crawl on a busy machine. Keys and values in
    // float32, as ours: its default, float16, changes near ties (one answer of 200).
    const context = await model.createContext({contextSize: 256, flashAttention: false, threads: 1,
        experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32"});
    const contextSequence = context.getSequence();
    const completion = new LlamaCompletion({contextSequence, autoDisposeSequence: false});
    const texts = [];
    for (const {prompt} of expected.continuations) {
        texts.push(await completion.generateCompletion(prompt, {maxTokens: TOKENS, temperature: 0}));
    }
    completion.dispose();
    count(name, "continuations", expected.continuations.map(({text}) => text), texts);
    if (expected.chats) {
        const chat = new LlamaChat({contextSequence, autoDisposeSequence: false});
        const answers = [];
        for (const {messages} of expected.chats) {
            const {response} = await chat.generateResponse(
                [...history(messages), {type: "model", response: []}], {maxTokens: TOKENS, temperature: 0});
            answers.push(response);
        }
        chat.dispose();
        count(name, "chats", expected.chats.map(({text}) => text), answers);
    }
    await context.dispose();
    await model.dispose();
}
writeFileSync(path.join(folder, "node.json"), JSON.stringify(counts));
process.exit(0);
