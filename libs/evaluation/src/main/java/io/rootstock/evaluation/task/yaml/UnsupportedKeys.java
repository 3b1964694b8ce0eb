package io.rootstock.evaluation.task.yaml;

import java.util.Map;

/** lm-evaluation-harness' keys that task files here cannot have, with the remedy of each. */
final class UnsupportedKeys {
    private static final String PREPARED_ROWS = "prepare the rows before the suite is created";

    static final Map<String, String> TASK = Map.ofEntries(
            Map.entry("process_docs", PREPARED_ROWS),
            Map.entry("process_results", "choose metrics in metric_list"),
            Map.entry("custom_dataset", PREPARED_ROWS),
            Map.entry("class", "write the task's keys in YAML: Python classes are not run"),
            Map.entry("use_prompt", "write the prompt as doc_to_text and doc_to_target"),
            Map.entry("unsafe_code", "remove it: task files run no code"),
            Map.entry("doc_to_image", "evaluate text rows only"),
            Map.entry("doc_to_audio", "evaluate text rows only"),
            Map.entry("gen_prefix", "write the prefix at the end of doc_to_text"),
            Map.entry("task_list", "write one file per task and list the files in suite.yaml"),
            Map.entry("aggregate_metric_list", "list the task files in suite.yaml; groups are not aggregated"),
            Map.entry("group_alias", "list the task files in suite.yaml"),
            Map.entry("weight_by_size", "list the task files in suite.yaml"));

    static final Map<String, String> FEWSHOT_CONFIG = Map.ofEntries(
            Map.entry("samples", "write the examples to a row file and name its split in fewshot_split"),
            Map.entry("fewshot_indices", "write the selected rows to a row file and use sampler: first_n"),
            Map.entry("process_docs", PREPARED_ROWS),
            Map.entry("doc_to_text", "examples use the task's doc_to_text"),
            Map.entry("doc_to_choice", "examples use the task's doc_to_choice"),
            Map.entry("doc_to_target", "examples use the task's doc_to_target"),
            Map.entry("gen_prefix", "write the prefix at the end of doc_to_text"),
            Map.entry("fewshot_delimiter", "examples use the task's fewshot_delimiter"),
            Map.entry("target_delimiter", "examples use the task's target_delimiter"));

    static final Map<String, String> GENERATION = Map.ofEntries(
            Map.entry("top_p", "remove it: evaluations generate greedily"),
            Map.entry("top_k", "remove it: evaluations generate greedily"),
            Map.entry("num_beams", "remove it: evaluations generate greedily"),
            Map.entry("num_return_sequences", "remove it: a row has one response"));

    private UnsupportedKeys() {}
}
