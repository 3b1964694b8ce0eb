package io.rootstock.cli.evaluation;

import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;

/** Row records as an evaluator writes them. */
public final class Records {
    /** A row of boolq, whose gold answer is the second choice. */
    public static final String WRONG = choice(0, -1.25, -2.5, 0);

    /** The row, answered correctly. */
    public static final String CORRECT = choice(1, -2.5, -1.25, 1);

    /** The row, answered wrongly, and found in training data. */
    public static final String CONTAMINATED = WRONG.substring(0, WRONG.length() - 1)
            + ",\"contaminated\":{\"share\":0.25,\"version\":\"models/m/versions/1\",\"dataset\":\"datasets/web\","
            + "\"shard\":\"sha256:aa\",\"document\":7}}";

    /** A translation. */
    public static final String TRANSLATION = """
            {"task":"translation","row":3,"file":"t/val.en","line":4,"requests_sha256":"ab","expected":{"references":\
            ["Ein Hund."]},"responses":[{"text":" Eine Katze.\\n"}],"predictions":{"none":"Eine Katze."},"scores":{},\
            "correct":false,"near_tie":false}""";

    /** A document of 40 bytes. */
    public static final String DOCUMENT = """
            {"task":"bits","row":0,"file":"d.jsonl","line":1,"requests_sha256":"ab","expected":{"bytes":40,"words":8},\
            "responses":[{"logprob":-27.725887222397812}],"scores":{"bits_per_byte":{"value":-27.725887222397812,\
            "weight":40.0}},"correct":false,"near_tie":false}""";

    /** A continuation. */
    public static final String CONTINUATION = """
            {"task":"lambada","row":0,"file":"l.jsonl","line":1,"requests_sha256":"ab","expected":{"continuation":true},\
            "responses":[{"logprob":-3.5,"greedy":false,"tokens":2}],"scores":{"perplexity":{"value":-3.5,"weight":1.0},\
            "acc":{"value":0.0,"weight":1.0}},"correct":false,"near_tie":false}""";

    private Records() {}

    private static String choice(int prediction, double first, double second, int score) {
        return """
            {"task":"boolq","row":12,"file":"core/boolq.jsonl","line":13,"requests_sha256":"ab","expected":{"choices":\
            ["no","yes\\u001b[2J"],"gold":[1]},"responses":[{"logprob":%s,"greedy":true,"tokens":1},{"logprob":%s,\
            "greedy":false,"tokens":1}],"prediction":%d,"scores":{"acc":{"value":%d.0,"weight":1.0}},"correct":%s,\
            "near_tie":false}""".formatted(first, second, prediction, score, score == 1);
    }

    public static RowRecord parsed(String json) {
        return RowRecords.fromJson(json, "records", 1);
    }
}
