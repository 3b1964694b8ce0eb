package io.rootstock.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Jlama in a separate process, with the protocol of {@link PeerProcess}. Requests run one after the other, each with all
 * threads: eight concurrent requests, each in a thread as in Jlama's server, end with "BAD M" in a matrix product (0.8.4).
 */
public final class JlamaPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JlamaPeer() {}

    /** Quantization of the weights. */
    enum Weights {
        /** Float32 weights and activations. */
        F32(DType.F32),
        /** Q4 of {@link JlamaFolder#quantize}; activations in 8 bits. */
        Q4(DType.I8);

        private final DType activations;

        Weights(DType activations) {
            this.activations = activations;
        }
    }

    /** Implementation of the matrix products. */
    enum Kernels {
        /** Native library of jlama-native; Jlama's default if it is on the class path. */
        NATIVE("native library"),
        /** Java's Vector API, without native code. */
        VECTOR_API("Vector API");

        private final String words;

        Kernels(String words) {
            this.words = words;
        }
    }

    /** Returns the command line of the process. */
    static List<String> command(Path folder, Weights weights, Kernels kernels, int threads) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0", // as in Jlama's launcher
                "-Djlama.force_panama_tensor_operations=" + (kernels == Kernels.VECTOR_API),
                "-cp",
                System.getProperty("java.class.path"),
                JlamaPeer.class.getName(),
                folder.toString(),
                weights.name(),
                kernels.name(),
                Integer.toString(threads));
    }

    /** Takes the arguments of {@link #command}. */
    public static void main(String[] arguments) throws IOException {
        Weights weights = Weights.valueOf(arguments[1]);
        Kernels kernels = Kernels.valueOf(arguments[2]);
        Optional<Integer> threads = Optional.of(Integer.parseInt(arguments[3]));
        File folder = new File(arguments[0]);
        try (AbstractModel model = ModelSupport.loadModel(
                        folder, null, DType.F32, weights.activations, Optional.empty(), threads);
                ExecutorService requests = Executors.newSingleThreadExecutor();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            print("ready Jlama " + version() + ", " + weights + ", " + kernels.words);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode request = JSON.readTree(line);
                requests.execute(() -> {
                    try {
                        generate(model, request);
                    } catch (RuntimeException e) {
                        e.printStackTrace();
                        Runtime.getRuntime().halt(1); // the benchmark then fails instead of waiting for tokens
                    }
                });
            }
        }
    }

    private static String version() throws IOException {
        try (InputStream in =
                AbstractModel.class.getResourceAsStream("/META-INF/maven/com.github.tjake/jlama-core/pom.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }

    private static void generate(AbstractModel model, JsonNode request) {
        int id = request.path("id").asInt();
        PromptContext prompt = PromptContext.of(request.path("prompt").asText());
        // Jlama's limit includes the prompt's tokens, and it generates one token before it checks the limit
        int limit = model.encodePrompt(prompt).length + request.path("tokens").asInt() - 1;
        Generator.Response response = model.generate(
                UUID.randomUUID(), prompt, 0, limit, (text, milliseconds) -> print("token " + id + " " + json(text)));
        print("done " + id + " " + (response.generatedTokens + 1));
    }

    private static String json(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
