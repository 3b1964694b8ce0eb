package io.rootstock.bench.serving;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.bench.service.Form;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Segment;
import io.rootstock.chat.Turn;
import io.rootstock.files.FileTree;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.trainer.plan.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Compares serving a pre-trained model by the inference service through gRPC, by llama-cpp-python and by Jlama: tokens
 * per second at 1 and 8 streams, alternating. llama-cpp-python reads the same GGUF file; Jlama quantizes the Hugging
 * Face folder to its own Q4 when it loads it.
 */
public final class BaseServing {
    private static final int TOKENS = 64;
    private static final int CONTEXT = 512;
    private static final int SLOTS = 8;
    private static final List<Integer> STREAMS = List.of(1, 8);
    private static final int COMPARED_TEXTS = 8;
    private static final int COMPARED_TOKENS = 32;
    /** Duration of each contender's warm-up. */
    private static final double WARM_UP_SECONDS = 8;

    private static final double ROUND_SECONDS = 4;

    private final boolean quick;
    private final Path gguf;
    private final Optional<Path> folder;
    private final Optional<String> python;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final Setting setting = new Setting(SLOTS, CONTEXT, threads);
    private final Map<String, Double> figures = new LinkedHashMap<>();

    private BaseServing(boolean quick, Path gguf, Optional<Path> folder, Optional<String> python) {
        this.quick = quick;
        this.gguf = gguf;
        this.folder = folder;
        this.python = python;
    }

    /**
     * Arguments: the GGUF file; the Hugging Face folder of the same weights for Jlama, or {@code -}; the Python
     * interpreter with llama-cpp-python, or {@code -}; {@code --quick}.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new BaseServing(
                        List.of(arguments).contains("--quick"),
                        Path.of(arguments[0]),
                        given(arguments[1]).map(Path::of),
                        given(arguments[2]))
                .run();
    }

    private static Optional<String> given(String argument) {
        return argument.equals("-") ? Optional.empty() : Optional.of(argument);
    }

    private void run() throws IOException, InterruptedException {
        ServingModels models = new ServingModels();
        ServingModel model = models.imported("smollm2-135m-instruct", gguf, questions());
        UnaryOperator<String> template = template();
        Path work = Files.createTempDirectory("base-serving");
        System.out.printf(
                "SmolLM2-135M-Instruct on %s; %d threads, %d slots, a question by the chat template, %d new tokens, greedy%n"
                        + "ours: %s, llama.cpp %s, %s%n",
                Machine.here().name(),
                threads,
                SLOTS,
                TOKENS,
                gguf.getFileName(),
                Llama.shared().version(),
                Form.best().title());
        try (TextContender ours =
                new GrpcContender(Form.best(), models.home(), model, setting, GrpcContender.Prompts.CHAT)) {
            if (python.isPresent()) {
                try (TextContender peer = llamaCppPython(python.get(), template, work)) {
                    compareTexts("llama_cpp_python", ours, peer);
                    measure("llama_cpp_python", ours, peer);
                }
            }
            if (folder.isPresent()) {
                measureJlama(folder.get(), ours, template, work);
            }
        } finally {
            FileTree.delete(work);
        }
        figures.forEach(Figures::print);
    }

    /**
     * Measures Jlama. Its native library gives wrong text for some models and CPUs; then its Vector API kernels are
     * measured.
     */
    private void measureJlama(Path base, TextContender ours, UnaryOperator<String> template, Path work)
            throws IOException, InterruptedException {
        Path exact = work.resolve("jlama");
        Path quantized = work.resolve("jlama-q4");
        JlamaFolder.write(base, exact);
        JlamaFolder.quantize(exact, quantized);
        JlamaPeer.Kernels kernels = JlamaPeer.Kernels.VECTOR_API;
        // Q4 rounds differently from Q4_1: the texts are compared with float32 weights
        for (JlamaPeer.Kernels candidate : JlamaPeer.Kernels.values()) {
            try (TextContender peer = jlama(exact, JlamaPeer.Weights.F32, candidate, template, work)) {
                if (compareTexts("jlama", ours, peer) >= COMPARED_TEXTS / 4) {
                    kernels = candidate;
                    break;
                }
            }
        }
        try (TextContender peer = jlama(quantized, JlamaPeer.Weights.Q4, kernels, template, work)) {
            measure("jlama", ours, peer);
        }
    }

    private TextContender llamaCppPython(String interpreter, UnaryOperator<String> template, Path work)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                interpreter,
                "bench/serving/llama_cpp_python_peer.py",
                gguf.toString(),
                Integer.toString(CONTEXT),
                Integer.toString(threads));
        return new PeerProcess(builder, template, work.resolve("llama-cpp-python.log"));
    }

    private TextContender jlama(
            Path of, JlamaPeer.Weights weights, JlamaPeer.Kernels kernels, UnaryOperator<String> template, Path work)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JlamaPeer.command(of, weights, kernels, threads));
        return new PeerProcess(builder, template, work.resolve("jlama.log"));
    }

    /** Counts equal greedy texts; builds of llama.cpp and Jlama round differently, so that near ties may differ. */
    private int compareTexts(String name, TextContender ours, TextContender peer)
            throws IOException, InterruptedException {
        int identical = 0;
        for (String question : questions().subList(0, COMPARED_TEXTS)) {
            String expected = ours.text(question, COMPARED_TOKENS).strip();
            String actual = peer.text(question, COMPARED_TOKENS).strip();
            if (expected.equals(actual)) {
                identical++;
            } else {
                System.out.printf(
                        "  %s: after %d equal characters of %d%n",
                        peer.title(), commonPrefix(expected, actual), expected.length());
            }
        }
        System.out.printf(
                "%s: %d of %d texts of %d tokens identical%n",
                peer.title(), identical, COMPARED_TEXTS, COMPARED_TOKENS);
        figures.put("identical_" + name, (double) identical / COMPARED_TEXTS);
        return identical;
    }

    private static int commonPrefix(String left, String right) {
        int length = 0;
        while (length < Math.min(left.length(), right.length()) && left.charAt(length) == right.charAt(length)) {
            length++;
        }
        return length;
    }

    private void measure(String name, TextContender ours, TextContender peer) throws IOException, InterruptedException {
        double slowest = Math.min(warmUp(ours), warmUp(peer));
        int rounds = quick ? 1 : 4;
        System.out.println(Load.HEADER);
        for (int streams : STREAMS) {
            Load ourLoad = new Load(streams);
            Load peerLoad = new Load(streams);
            int requests = Math.max(2 * streams, (int) (ROUND_SECONDS * slowest / TOKENS));
            SideBySide.run(
                    0,
                    rounds,
                    List.of(
                            () -> ourLoad.run(ours, questions(), requests, TOKENS),
                            () -> peerLoad.run(peer, questions(), requests, TOKENS)));
            System.out.println(ourLoad.row(ours.title()));
            System.out.println(peerLoad.row(peer.title()));
            figures.put("ratio_" + name + "_" + streams, ourLoad.tokensPerSecond() / peerLoad.tokensPerSecond());
        }
    }

    /** Warms up compilation and the page cache. Returns the tokens per second of one stream. */
    private static double warmUp(Contender contender) throws IOException, InterruptedException {
        Load load = new Load(1);
        do {
            load.run(contender, questions(), 2, TOKENS);
        } while (load.seconds() < WARM_UP_SECONDS);
        return load.tokensPerSecond();
    }

    /** Returns the chat template of the GGUF file, applied to a user's message. */
    private UnaryOperator<String> template() {
        try (LlamaModel model = Llama.shared().load(gguf)) {
            ChatTemplate template = ChatTemplate.parse(model.chatTemplate().orElseThrow());
            return question -> template.render(List.of(new Turn("user", question)), true).stream()
                    .map(Segment::text)
                    .collect(Collectors.joining());
        }
    }

    private static List<String> questions() {
        List<String> questions = new ArrayList<>();
        for (String subject :
                List.of("tide", "glacier", "violin", "compass", "volcano", "bicycle", "lighthouse", "enzyme")) {
            questions.add("Explain in a few sentences how a " + subject + " works and why it matters to people.");
            questions.add("Write a short story about a " + subject + " and a child who sees it for the first time.");
            questions.add("What are three common mistakes that people make when they talk about a " + subject + "?");
            questions.add("Describe a " + subject + " to a person who has never seen one, without naming it.");
        }
        return questions;
    }
}
