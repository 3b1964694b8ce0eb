package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Classification rows: an instruction of two or three steps, labelled with the step that is done last. Its words are those
 * of all steps; their order and "before", "after" and "rather than" decide. The steps of an instruction are a composition,
 * which is in one split only.
 */
final class StepRows {
    private StepRows() {}

    /**
     * @param label step that is done last
     * @param text instruction
     */
    record Row(String label, String text) {}

    private enum Step {
        OPEN("open the file"),
        READ("read the header"),
        WRITE("write the buffer"),
        FLUSH("flush the stream"),
        CLOSE("close the channel"),
        LOCK("acquire the lock"),
        NOTIFY("notify the listeners"),
        REPAINT("repaint the component"),
        COMMIT("commit the transaction"),
        VALIDATE("validate the certificate");

        private final String words;

        Step(String words) {
            this.words = words;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Instructions to do A, then B and then C. */
    private static final List<String> ORDERS = List.of(
            "B before you C, but first A",
            "C after you B, but first A",
            "before you C, B, but first A",
            "after you A, B before you C",
            "before you C, B after you A",
            "B after you A and before you C",
            "B before you C and after you A",
            "C after you B, and B after you A",
            "A before you B, and C after you B",
            "A before you B, and B before you C",
            "C only after you B, which you do after you A",
            "B only before you C, and A before you B");

    /** Instructions to do A and then B, and not to do C. */
    private static final List<String> REPLACEMENTS = List.of(
            "B after you A rather than C",
            "B rather than C after you A",
            "A before you B rather than C",
            "A rather than C before you B",
            "rather than C, B after you A",
            "rather than C, A before you B",
            "after you A, B rather than C",
            "before you B, A rather than C",
            "after you A, do not C but B",
            "before you B, do not C but A",
            "do not C but B after you A",
            "do not C but A before you B");

    /** Distinct rows of a split, from a fixed seed. */
    static List<Row> of(DemoSplit split, int rows) {
        Random random = new Random(split.seed());
        Set<String> texts = new HashSet<>();
        List<Row> made = new ArrayList<>();
        while (made.size() < rows) {
            List<Step> steps = new ArrayList<>(List.of(Step.values()));
            Collections.shuffle(steps, random);
            List<Step> chosen = steps.subList(0, 3);
            String composition = chosen.stream().map(Step::name).sorted().collect(Collectors.joining(" "));
            if (DemoSplit.ofComposition(composition) == split) {
                Row row = row(chosen, random);
                if (texts.add(row.text())) {
                    made.add(row);
                }
            }
        }
        return made;
    }

    private static Row row(List<Step> steps, Random random) {
        boolean replaced = random.nextBoolean();
        List<String> forms = replaced ? REPLACEMENTS : ORDERS;
        String text = forms.get(random.nextInt(forms.size()))
                .replace("A", steps.get(0).words)
                .replace("B", steps.get(1).words)
                .replace("C", steps.get(2).words);
        Step last = steps.get(replaced ? 1 : 2);
        return new Row(last.label(), Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".");
    }
}
