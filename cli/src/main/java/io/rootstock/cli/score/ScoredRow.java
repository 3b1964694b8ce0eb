package io.rootstock.cli.score;

import io.rootstock.yaml.InvalidFileException;
import java.util.List;

/**
 * A row to score.
 *
 * @param file its file, as given
 * @param line its line, from 1
 * @param prediction output of a system
 * @param references correct texts; at least one
 */
record ScoredRow(String file, long line, String prediction, List<String> references) {
    ScoredRow {
        references = List.copyOf(references);
    }

    InvalidFileException error(String reason, String hint) {
        return new InvalidFileException(file, line, reason, hint);
    }
}
