package io.rootstock.cli.completion;

import java.util.List;

/** Names of existing resources, for arguments that take one. */
@FunctionalInterface
public interface ResourceNames {
    /**
     * Returns the names that such an argument accepts; none if they are unknown.
     *
     * @param label label of the argument in the help, for example {@code MODEL}
     * @param current the word that is completed
     */
    List<String> of(String label, String current);
}
