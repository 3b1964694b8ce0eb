package io.rootstock.tokenizer.split;

import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Labels of a dataset and their ids: the first ids are in order of arrival, the final ones in order of the labels. */
final class LabelIds {
    /** Largest number of labels; more is a column of free text. */
    static final int MAX = 1 << 16;

    private final Map<String, Integer> arrived = new TreeMap<>();
    private List<String> labels = List.of();
    private int[] ids = new int[0];

    /**
     * Returns the id by arrival of a label.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming file and line, if it is one label too many
     */
    int add(String label, String file, long line) {
        Integer known = arrived.get(label);
        if (known != null) {
            return known;
        }
        if (arrived.size() == MAX) {
            throw Errors.invalidArgument(
                    "sources",
                    file + ":" + line + ": has label number " + (MAX + 1) + ", the maximum is " + MAX
                            + "; name the field of the labels, or reduce them");
        }
        arrived.put(label, arrived.size());
        return arrived.size() - 1;
    }

    /** Ends the adding. */
    void finish() {
        labels = List.copyOf(arrived.keySet());
        ids = new int[labels.size()];
        List<Integer> byLabel = new ArrayList<>(arrived.values());
        for (int id = 0; id < ids.length; id++) {
            ids[byLabel.get(id)] = id;
        }
    }

    /** Labels in order. */
    List<String> labels() {
        return labels;
    }

    /** Returns the final id of a label by its id by arrival. */
    int id(int byArrival) {
        return ids[byArrival];
    }
}
