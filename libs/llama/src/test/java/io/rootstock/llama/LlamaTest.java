package io.rootstock.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTest {
    private static final Llama LLAMA = Llama.shared();

    @TempDir
    Path directory;

    @Test
    void everyFunctionOfTheRegistryIsInTheLibrary() {
        var library = SharedLibraries.open(LLAMA.directory());
        for (Function function : Function.values()) {
            if (function.exported()) {
                assertThat(library.find(function.symbol()))
                        .as(function.symbol())
                        .isPresent();
            }
        }
    }

    @Test
    void structsAreAsLargeAsThoseOfTheHeader() {
        assertThat(Structures.MODEL_PARAMETERS.byteSize()).isEqualTo(80);
        assertThat(Structures.CONTEXT_PARAMETERS.byteSize()).isEqualTo(160);
        assertThat(Structures.BATCH.byteSize()).isEqualTo(56);
        assertThat(Structures.QUANTIZE_PARAMETERS.byteSize()).isEqualTo(64);
        assertThat(Structures.THREADPOOL_PARAMETERS.byteSize()).isEqualTo(528);
    }

    @Test
    void aModelIsWrittenInOtherNumberFormatsAndSaysNearlyTheSame() throws IOException {
        Path exact = TinyModel.random(3).write(directory.resolve("exact.gguf"));
        float[] expected = lastLogits(exact);
        for (Quantization quantization : Quantization.values()) {
            Path file = directory.resolve(quantization + ".gguf");
            LLAMA.quantize(exact, file, quantization, 2);
            Path again = directory.resolve(quantization + "-again.gguf");
            LLAMA.quantize(exact, again, quantization, 1);

            assertThat(Files.size(file)).isLessThan(Files.size(exact));
            assertThat(Files.mismatch(file, again)).isEqualTo(-1);
            double error = 0;
            double scale = 0;
            float[] actual = lastLogits(file);
            for (int i = 0; i < expected.length; i++) {
                error += Math.pow(actual[i] - expected[i], 2);
                scale += Math.pow(expected[i], 2);
            }
            assertThat(Math.sqrt(error / scale))
                    .as("%s", quantization)
                    .isBetween(1e-7, quantization == Quantization.Q4_K_M ? 0.3 : 0.05);
        }
    }

    @Test
    void aModelWithAnAdapterOfItsOwnSaysWhatTheMergedOneDoes() throws IOException {
        Path file = TinyModel.random(3).write(directory.resolve("model.gguf"));
        TinyModel merged = TinyModel.random(3);
        Path own = TinyModel.random(3).writeAdapter(directory.resolve("own.gguf"), 5, merged);
        float[] withOwn = lastLogits(merged.write(directory.resolve("merged.gguf")));
        Path other = TinyModel.random(3).writeAdapter(directory.resolve("other.gguf"), 6, merged);
        float[] withBoth = lastLogits(merged.write(directory.resolve("both.gguf")));

        try (LlamaModel model = LLAMA.load(file)) {
            model.adapt(own);
            try (LoadedAdapter second = model.loadAdapter(other);
                    LlamaContext context = model.context(ContextOptions.generation(1, 64, 1, true))) {
                assertThat(lastLogits(model, context)).containsExactly(withOwn, offset(2e-3f));
                context.use(second, 1);
                assertThat(lastLogits(model, context)).containsExactly(withBoth, offset(2e-3f));
                context.useNone();
                assertThat(lastLogits(model, context)).containsExactly(withOwn, offset(2e-3f));
            }
            assertThatThrownBy(() -> model.adapt(other)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatCannotBeQuantizedIsRefusedAndLeavesNoFile() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.gguf"), "GGUF and no more");
        Path target = directory.resolve("target.gguf");

        assertThatThrownBy(() -> LLAMA.quantize(broken, target, Quantization.Q8_0, 1))
                .isInstanceOf(LlamaException.class)
                .hasMessageContaining("as Q8_0");
        assertThat(target).doesNotExist();
    }

    private static float[] lastLogits(Path file) {
        try (LlamaModel model = LLAMA.load(file);
                LlamaContext context = model.context(ContextOptions.generation(1, 64, 1, true))) {
            return lastLogits(model, context);
        }
    }

    private static float[] lastLogits(LlamaModel model, LlamaContext context) {
        context.clear();
        try (Batch batch = context.batch()) {
            int[] tokens = model.tokenize("a test of formats", false);
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, 0, i == tokens.length - 1);
            }
            context.decode(batch);
            return context.logits(tokens.length - 1);
        }
    }

    @Test
    void aLibraryWhoseDefaultsDifferIsRefused() {
        // Replaces the defaults by another real function, which leaves the structure all zeros.
        var library = SharedLibraries.open(LLAMA.directory());
        NativeCalls calls = new NativeCalls(name ->
                library.find(name.equals("llama_model_default_params") ? "llama_sampler_chain_default_params" : name));
        assertThatThrownBy(() -> AbiCheck.require(calls))
                .isInstanceOf(LlamaException.class)
                .hasMessageContaining("structs of llama.cpp")
                .hasMessageContaining("ROOTSTOCK_LLAMA");
    }

    @Test
    void aDirectoryWithoutTheLibraryIsRefusedWithTheRemedy() {
        String before = System.getProperty("rootstock.llama");
        System.setProperty("rootstock.llama", directory.toString());
        try {
            assertThatThrownBy(NativeDirectory::find)
                    .isInstanceOf(LlamaException.class)
                    .hasMessageContaining("holds no libllama");
        } finally {
            if (before == null) {
                System.clearProperty("rootstock.llama");
            } else {
                System.setProperty("rootstock.llama", before);
            }
        }
    }

    @Test
    void tokensOfATextSpellTheText() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")))) {
            String text = "Ünïcödé 漢字 😀\n\0 end";
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int token : model.tokenize(text, false)) {
                bytes.writeBytes(model.piece(token));
            }
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(text);
            assertThat(model.tokenize("", false)).isEmpty();
        }
    }

    @Test
    void specialTokensAreParsedOnlyWhenAskedFor() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")))) {
            assertThat(model.tokenize("<|im_end|>", true)).containsExactly(259);
            assertThat(model.tokenize("<|im_end|>", false)).hasSize(10).doesNotContain(259);
            assertThat(model.piece(259)).isEmpty();
            assertThat(model.text(259)).isEqualTo("<|im_end|>");
            assertThat(model.text(TinyModel.token((byte) 'a'))).isEqualTo("a");
            assertThat(List.copyOf(model.controlTokens().keySet())).isEqualTo(TinyModel.SPECIAL);
            assertThat(model.controlTokens()).containsEntry("<|im_end|>", 259);
            assertThat(model.isControl(0)).isFalse();
            assertThat(model.endsGeneration(259)).isTrue();
            assertThat(model.endsGeneration(257)).isTrue();
            assertThat(model.endsGeneration(5)).isFalse();
            assertThat(model.beginOfText()).isEqualTo(256);
            assertThat(model.endOfText()).isEqualTo(257);
        }
    }

    @Test
    void aSequenceDecodesTheSameWholeAndInParts() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(3).write(directory.resolve("m.gguf")));
                LlamaContext context = model.context(ContextOptions.generation(2, 256, 1, true));
                Batch batch = context.batch()) {
            int[] tokens = model.tokenize("the quick brown fox", false);
            int last = -1;
            for (int i = 0; i < tokens.length; i++) {
                last = batch.add(tokens[i], i, 0, i == tokens.length - 1);
            }
            context.decode(batch);
            float[] whole = context.logits(last);
            for (int i = 0; i < tokens.length; i++) {
                batch.clear();
                last = batch.add(tokens[i], i, 1, true);
                context.decode(batch);
            }
            assertThat(context.logits(last)).containsExactly(whole, offset(1e-4f));
        }
    }

    @Test
    void hiddenStatesTimesTheOutputMatrixAreTheLogits() {
        TinyModel tiny = TinyModel.random(4);
        try (LlamaModel model = LLAMA.load(tiny.write(directory.resolve("m.gguf")));
                LlamaContext context = model.context(ContextOptions.reading(4, 512, 1));
                Batch batch = context.batch()) {
            batch.add(256, 0, 0, true);
            int index = batch.add(65, 1, 0, true);
            context.decode(batch);
            float[] hidden = context.hiddenState(index);
            float[] logits = context.logits(index);
            float[] output = tiny.tensors.get("output.weight");
            for (int v = 0; v < TinyModel.VOCABULARY; v++) {
                double sum = 0;
                for (int d = 0; d < TinyModel.DIMENSION; d++) {
                    sum += (double) hidden[d] * output[v * TinyModel.DIMENSION + d];
                }
                assertThat(sum).isCloseTo(logits[v], offset(1e-3));
            }
        }
    }

    @Test
    void aGrammarAllowsWhatItMatchesAndEndsOnlyWhereItIsComplete() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")));
                Grammar grammar = model.grammar("root ::= \"ab\" [0-9]?")) {
            int a = TinyModel.token((byte) 'a');
            int b = TinyModel.token((byte) 'b');
            int digit = TinyModel.token((byte) '7');
            assertThat(grammar.allows(a)).isTrue();
            assertThat(grammar.allows(b)).isFalse();
            assertThat(grammar.allows(TinyModel.END_OF_TEXT)).isFalse();
            assertThatThrownBy(() -> grammar.accept(b)).isInstanceOf(IllegalArgumentException.class);
            grammar.accept(a);
            try (Grammar copy = grammar.copy()) {
                copy.accept(b);
                assertThat(grammar.allows(digit)).isFalse();
                float[] logits = new float[TinyModel.VOCABULARY];
                copy.mask(logits);
                for (int token = 0; token < logits.length; token++) {
                    String piece = new String(model.piece(token), StandardCharsets.ISO_8859_1);
                    boolean allowed = piece.matches("[0-9]") || model.endsGeneration(token);
                    assertThat(logits[token]).isEqualTo(allowed ? 0 : Float.NEGATIVE_INFINITY);
                }
            }
        }
    }

    @Test
    void anInvalidGrammarIsRefused() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")))) {
            for (String invalid : List.of("root ::= (", "other ::= \"a\"", "root ::= undefined", "", "root ::= root")) {
                assertThatThrownBy(() -> model.grammar(invalid)).isInstanceOf(LlamaException.class);
            }
        }
    }

    @Test
    void aCopiedASavedAndAShortenedSequenceGoOnAsTheFirst() {
        for (boolean exact : List.of(true, false)) {
            try (LlamaModel model = LLAMA.load(TinyModel.random(3).write(directory.resolve("m.gguf")));
                    LlamaContext context = model.context(ContextOptions.generation(4, 256, 1, exact));
                    Batch batch = context.batch();
                    Arena arena = Arena.ofConfined()) {
                int[] tokens = model.tokenize("the quick brown fox jumps over the lazy dog", false);
                for (int i = 0; i < tokens.length; i++) {
                    batch.add(tokens[i], i, 0, false);
                }
                assertThat(context.decode(batch)).isTrue();
                MemorySegment state = context.save(0, arena);
                context.copySequence(0, 1);
                context.restore(state, 2);
                for (int sequence = 0; sequence < 3; sequence++) {
                    context.removeSequence(sequence, 20);
                }
                batch.clear();
                for (int sequence = 0; sequence < 3; sequence++) {
                    batch.add(tokens[20], 20, sequence, true);
                }
                assertThat(context.decode(batch)).isTrue();
                float[] logits = context.logits(0);
                assertThat(context.logits(1)).containsExactly(logits, offset(1e-5f));
                assertThat(context.logits(2)).containsExactly(logits, offset(1e-5f));
                float[] all = context.outputLogits().toArray(ValueLayout.JAVA_FLOAT);
                assertThat(Arrays.copyOfRange(all, 2 * logits.length, 3 * logits.length))
                        .containsExactly(context.logits(2));
            }
        }
    }

    @Test
    void anInterruptedDecodeLeavesAUsableContext() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(3).write(directory.resolve("m.gguf")));
                LlamaContext context = model.context(ContextOptions.generation(1, 256, 1, true));
                Batch batch = context.batch()) {
            int index = batch.add(65, 0, 0, true);
            context.interrupt();
            assertThat(context.decode(batch)).isFalse();
            context.clearInterrupt();
            context.removeSequence(0, 0);
            assertThat(context.decode(batch)).isTrue();
            assertThat(context.logits(index)).hasSize(TinyModel.VOCABULARY);
        }
    }

    private static List<Integer> continuation(LlamaContext context, Batch batch) {
        context.removeSequence(0);
        List<Integer> tokens = new ArrayList<>();
        int token = 7;
        for (int position = 0; position < 20; position++) {
            batch.clear();
            int index = batch.add(token, position, 0, true);
            context.decode(batch);
            float[] logits = context.logits(index);
            token = 0;
            for (int v = 1; v < logits.length; v++) {
                token = logits[v] > logits[token] ? v : token;
            }
            tokens.add(token);
        }
        return tokens;
    }

    @Test
    void whatWouldEndTheProcessIsRefused() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")));
                LlamaContext context = model.context(ContextOptions.generation(2, 256, 1, false));
                Batch batch = context.batch()) {
            assertThatThrownBy(() -> batch.add(TinyModel.VOCABULARY, 0, 0, true))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> batch.add(1, 0, 2, true)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.decode(batch)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.piece(-1)).isInstanceOf(IllegalArgumentException.class);
            batch.add(1, 0, 0, false);
            context.decode(batch);
            assertThatThrownBy(() -> context.logits(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aBrokenFileIsAnExceptionThatSaysWhy() throws IOException {
        Path file = TinyModel.random(1).write(directory.resolve("m.gguf"));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> LLAMA.load(file))
                .isInstanceOf(LlamaException.class)
                .hasMessageContaining("m.gguf")
                .hasMessageNotContaining("no reason");
    }

    @Test
    void anAttachedThreadpoolGivesTheSameTokens() {
        try (LlamaModel model = LLAMA.load(TinyModel.random(6).write(directory.resolve("m.gguf")));
                Threadpool threadpool = LLAMA.threadpool(2)) {
            List<Integer> alone;
            try (LlamaContext context = model.context(ContextOptions.generation(1, 256, 2, false));
                    Batch batch = context.batch()) {
                alone = continuation(context, batch);
            }
            try (LlamaContext context = model.context(ContextOptions.generation(1, 256, 2, false));
                    Batch batch = context.batch()) {
                context.attach(threadpool);
                assertThat(continuation(context, batch)).isEqualTo(alone);
            }
        }
    }

    @Test
    void useAfterCloseIsAnException() {
        LlamaModel model = LLAMA.load(TinyModel.random(1).write(directory.resolve("m.gguf")));
        LlamaContext context = model.context(ContextOptions.generation(1, 256, 1, false));
        Batch batch = context.batch();
        batch.close();
        assertThatThrownBy(() -> batch.add(1, 0, 0, true)).isInstanceOf(IllegalStateException.class);
        context.close();
        context.close();
        assertThatThrownBy(context::clear).isInstanceOf(IllegalStateException.class);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.tokenize("a", false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryReturnsWhenAModelIsClosed() throws IOException {
        // 50 MB of weights, and 50 MB of KV cache.
        Path file = TinyModel.random(1, 1 << 15).write(directory.resolve("large.gguf"));
        List<Long> residentMegabytes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            try (LlamaModel model = LLAMA.load(file);
                    LlamaContext context = model.context(ContextOptions.generation(8, 12_800, 1, true));
                    Batch batch = context.batch()) {
                batch.add(1, 0, 0, true);
                context.decode(batch);
            }
            residentMegabytes.add(residentMegabytes());
        }
        assertThat(residentMegabytes.getLast() - residentMegabytes.get(1))
                .as("resident megabytes after each close: %s", residentMegabytes)
                .isLessThan(30);
    }

    private static long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callShapesLink() {
        for (Function function : Function.values()) {
            Linker.nativeLinker().downcallHandle(function.shape());
        }
        try (Arena arena = Arena.ofConfined()) {
            assertThat(new NativeCalls(SharedLibraries.open(LLAMA.directory()))
                            .modelDefaults(arena)
                            .byteSize())
                    .isEqualTo(80);
        }
    }
}
