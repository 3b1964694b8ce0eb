package io.rootstock.bench.base;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code base_reference.py}: equal rows for scikit-learn, and for transformers with PEFT.
 *
 * @param python interpreter with the packages of {@code bench/requirements/base.txt}
 * @param base folder of the base model
 * @param work folder for requests
 */
record PythonPeers(String python, Path base, Path work) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long MAX_MINUTES = 180;

    /** Returns the labels that TF-IDF with logistic regression predicts for the test rows. */
    List<String> linear(Splits splits) throws IOException {
        return answers(request("linear", splits));
    }

    /** Returns the labels that transformers predicts after equal fine-tuning, with PEFT's adapters for LoRA tasks. */
    List<String> fineTuned(String method, Splits splits, Hyperparameters settings, int maxTokens) throws IOException {
        Map<String, Object> request = request(method, splits);
        request.put("base", base.toString());
        request.put("rank", settings.getLora().getRank());
        request.put("alpha", settings.getLora().getAlpha());
        request.put("targets", settings.getLora().getTargetsList().stream().toList());
        request.put("learning_rate", settings.getLearningRate());
        request.put("epochs", settings.getEpochs());
        request.put("batch_rows", settings.getBatchRows());
        request.put("warmup", settings.getWarmupFraction());
        request.put("weight_decay", settings.getWeightDecay());
        request.put("clip", settings.getGradientClip());
        request.put("patience", settings.getPatience());
        request.put("threads", settings.getThreads());
        request.put("bfloat16", settings.getPrecision() == Precision.PRECISION_BFLOAT16);
        request.put("seed", settings.getSeed());
        request.put("max_tokens", maxTokens);
        return answers(request);
    }

    private static Map<String, Object> request(String kind, Splits splits) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("kind", kind);
        request.put("train", pairs(splits.train()));
        request.put("validation", pairs(splits.validation()));
        request.put("test", pairs(splits.test()));
        return request;
    }

    private static List<List<String>> pairs(List<LabelledRow> rows) {
        return rows.stream().map(row -> List.of(row.text(), row.label())).toList();
    }

    private List<String> answers(Map<String, Object> request) throws IOException {
        Path file = Files.createTempFile(work, "peer-", ".json");
        Path answers = Files.createTempFile(work, "answers-", ".json");
        JSON.writeValue(file.toFile(), request);
        ProcessBuilder command = new ProcessBuilder(python, "bench/quality/base_reference.py", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(answers.toFile());
        // Threads that wait in spins make a step 10 times slower when anything else runs on the machine.
        command.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        Process process = command.start();
        try {
            if (!process.waitFor(MAX_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("the Python peer " + request.get("kind") + " failed; the lines above say why");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            process.destroyForcibly();
        }
        String last = Files.readString(answers, StandardCharsets.UTF_8)
                .lines()
                .reduce((a, b) -> b)
                .orElse("[]");
        return JSON.readValue(last, new TypeReference<List<String>>() {});
    }
}
