package io.rootstock.checkpoint;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.OptionalInt;

/**
 * Shape and special tokens of a model, as its files state them.
 *
 * @param shape sizes of the model
 * @param bosId {@code bos_token_id}; empty: null
 * @param eosIds {@code eos_token_id}: generation ends at these tokens, the first is EOS
 */
@RecordBuilder
public record ModelConfig(ModelShape shape, OptionalInt bosId, List<Integer> eosIds)
        implements ModelConfigBuilder.With {
    /** Checks that the ids are tokens of the model's vocabulary. */
    public ModelConfig {
        eosIds = List.copyOf(eosIds);
        if (eosIds.isEmpty()) {
            throw new IllegalArgumentException("eosIds must name at least one token");
        }
        bosId.ifPresent(id -> requireToken("bosId", id, shape.vocabularySize()));
        eosIds.forEach(id -> requireToken("eosId", id, shape.vocabularySize()));
    }

    /** A configuration with one token for each end of a text. */
    public ModelConfig(ModelShape shape, int bosId, int eosId) {
        this(shape, OptionalInt.of(bosId), List.of(eosId));
    }

    private static void requireToken(String name, int id, int vocabularySize) {
        if (id < 0 || id >= vocabularySize) {
            throw new IllegalArgumentException(name + " " + id + " is not an id below " + vocabularySize);
        }
    }
}
