package io.rootstock.evaluation.contamination;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Place of a row in training data, as its record states it.
 *
 * @param share share of the row's n-grams that were found, in all training data
 * @param version models/{model}/versions/{number} that the data trained
 * @param dataset datasets/{dataset}
 * @param place first document with one of the n-grams
 */
public record ContaminatedRow(double share, String version, String dataset, Place place) {
    /** Field of a row record. */
    public static final String FIELD = "contaminated";

    /** Writes the fields to an object of JSON. */
    public void write(ObjectNode json) {
        json.put("share", share)
                .put("version", version)
                .put("dataset", dataset)
                .put("shard", place.shard())
                .put("document", place.document());
    }

    /**
     * Returns the place of a row record; empty if the row was not found.
     *
     * @throws IllegalArgumentException if a field is missing
     */
    public static Optional<ContaminatedRow> of(JsonNode row) {
        if (!row.has(FIELD)) {
            return Optional.empty();
        }
        JsonNode json = row.get(FIELD);
        return Optional.of(new ContaminatedRow(
                json.required("share").doubleValue(),
                json.required("version").asText(),
                json.required("dataset").asText(),
                new Place(
                        json.required("shard").asText(),
                        json.required("document").asLong())));
    }
}
