package io.rootstock.bench.reference;

import io.rootstock.corpus.recipe.Parameter;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.recipe.RecipeSchema;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.worker.step.RecipeSteps;
import java.util.List;
import java.util.stream.Collectors;

/** The page about recipes: keys, steps and parameters. */
final class RecipeReference {
    private static final String KEYS = """
            # Recipes

            A recipe is a YAML file that describes how a corpus is made from raw files. Unknown keys, steps and parameters are refused with
            file, line and remedy. Its canonical form states every default; the SHA-256 of that form is part of the lineage. Workers, memory and
            cluster are not in a recipe, because they do not change the result. [recipe.schema.json](recipe.schema.json) is its JSON Schema, for
            editors.

            | key | meaning |
            |---|---|
            | `version` | 1 |
            | `sources` | raw files, at most %d sources |
            | `unit_bytes` | largest number of bytes of a unit, the smallest piece of work: %d to %d [%d] |
            | `steps` | steps in the order in which they are applied: `- STEP`, or `- STEP: {PARAMETER: VALUE}` |
            | `tokenizer` | `tokenizers/NAME`, or the training of one (below): the result is token shards of each source; without it, the result is text |
            | `splits` | fractions of held-out documents: `validation`, `test` [0]; the hash of its text decides the split of a document |
            | `seed` | decides which documents are held out [0] |

            | key of a source | meaning |
            |---|---|
            | `name` | lower-case letters, digits and hyphens |
            | `files` | path or glob, or a list of them, relative to the recipe's folder, or an address such as `s3://bucket/2026/**/*.jsonl.gz`; directories and prefixes are read recursively |
            | `format` | %s, whatever the names of the files [by the name of each file] |
            | `fields` | names of the fields of a record: %s [`text`, `url`]; `content.body` is the field `body` of the object `content` |
            | `licence` | SPDX identifier of documents whose record names none |
            | `weight` | weight in the mixture, above 0; weights are divided by their sum [1] |
            | `maximum_epochs` | largest number of passes in one training [unlimited] |

            | key of `tokenizer` | meaning |
            |---|---|
            | `train` | `tokenizers/NAME` of the new tokenizer; it learns from the training documents of the corpus |
            | `vocabulary_size` | number of tokens, bytes and special tokens included: %d to %d [%d] |
            | `pre_tokenizer` | rule that splits text into words: %s [`gpt2`] |
            | `minimum_frequency` | minimum number of occurrences of a merged pair, at least 1 [%d] |

            Steps that compare documents (`exact-duplicates`, `frequent-lines`, `near-duplicates`) follow one another in this order. Steps
            before them change the documents that are compared, steps after them see the documents that are left.

            """;

    private RecipeReference() {}

    /** JSON Schema of recipes. */
    static String schema() {
        return RecipeSchema.of(RecipeSteps.kinds()).toPrettyString() + "\n";
    }

    static String page() {
        StringBuilder page = new StringBuilder(KEYS.formatted(
                RecipeReader.SOURCES,
                RecipeReader.MIN_UNIT,
                RecipeReader.MAX_UNIT,
                RecipeReader.UNIT,
                codes(RecipeReader.FORMATS),
                codes(RecipeReader.FIELDS),
                RecipeReader.MIN_VOCABULARY,
                RecipeReader.MAX_VOCABULARY,
                RecipeReader.VOCABULARY,
                codes(RecipeReader.PRE_TOKENIZERS),
                RecipeReader.FREQUENCY));
        for (StepKind kind : RecipeSteps.kinds()) {
            page.append("## ")
                    .append(kind.name())
                    .append("\n\n")
                    .append(kind.description())
                    .append(" Version ")
                    .append(kind.version())
                    .append(".\n\n");
            page.append(Markdown.table(
                    List.of("parameter", "values", "default", "meaning"),
                    kind.parameters().stream().map(RecipeReference::row).toList()));
        }
        return page.toString().stripTrailing() + "\n";
    }

    private static List<String> row(Parameter parameter) {
        String values = switch (parameter.type()) {
            case Parameter.Type.Whole(long least, long most) -> least + " to " + most;
            case Parameter.Type.Decimal(double least, double most) -> number(least) + " to " + number(most);
            case Parameter.Type.Truth _ -> "true, false";
            case Parameter.Type.Word _ -> "text";
            case Parameter.Type.Choice(List<String> choices) -> codes(choices);
            case Parameter.Type.Words _ -> "list of texts";
        };
        String standard = switch (parameter.standard()) {
            case List<?> texts -> codes(texts.stream().map(String.class::cast).toList());
            case Double number -> number(number);
            case String text -> Markdown.code(text);
            case Object other -> other.toString();
        };
        return List.of(Markdown.code(parameter.name()), values, standard, Markdown.text(parameter.description()));
    }

    private static String number(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String codes(List<String> texts) {
        return texts.stream().map(Markdown::code).collect(Collectors.joining(", "));
    }
}
