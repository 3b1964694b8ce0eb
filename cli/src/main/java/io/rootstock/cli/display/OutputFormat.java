package io.rootstock.cli.display;

/** Form of the results on standard output. */
public enum OutputFormat {
    /** Tables and text for people. */
    TABLE,
    /** One JSON document per line. */
    JSON,
    /** YAML documents, each after a line of three hyphens. */
    YAML,
    /** The names of the resources, one per line, as other commands take them. */
    NAME
}
