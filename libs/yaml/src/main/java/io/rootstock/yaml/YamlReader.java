package io.rootstock.yaml;

import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import io.rootstock.yaml.YamlValue.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML 1.1 file to {@link YamlValue}s, without constructing objects. Limits bytes, nesting and the number of
 * values after aliases are expanded; refuses tags, duplicate keys and merge keys.
 */
public final class YamlReader {
    private static final Set<Tag> DEFAULT_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP, Tag.MERGE);

    public static final int FILE_BYTES = 256 << 10;

    /** Values of a file after aliases are expanded. */
    public static final int VALUES = 10_000;

    /** Nesting of values. */
    public static final int DEPTH = 16;

    private final String file;
    private final Map<String, String> tagHints;
    private int values;

    private YamlReader(String file, Map<String, String> tagHints) {
        this.file = file;
        this.tagHints = tagHints;
    }

    /**
     * Reads a file whose top value is a mapping.
     *
     * @param file name for errors
     * @param in the file's bytes; not closed
     * @param tagHints remedies for tags that are refused on purpose, by tag
     * @throws InvalidFileException with file and line, if the file is too large or not in the subset
     */
    public static Mapping read(String file, InputStream in, Map<String, String> tagHints) throws IOException {
        String text = text(file, in.readNBytes(FILE_BYTES + 1));
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(FILE_BYTES);
        options.setNestingDepthLimit(DEPTH);
        options.setMaxAliasesForCollections(VALUES);
        // Nodes are composed, never constructed; value() refuses tags with the key's name.
        options.setTagInspector(_ -> true);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new InvalidFileException(file, 1, "the file is empty", "write KEY: VALUE lines");
            }
            if (new YamlReader(file, tagHints).value(root, "", 1) instanceof Mapping mapping) {
                return mapping;
            }
            throw new InvalidFileException(
                    file, line(root), "the file is not a mapping of keys", "write KEY: VALUE lines");
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new InvalidFileException(
                    file,
                    mark == null ? 0 : mark.getLine() + 1L,
                    "invalid YAML: " + e.getProblem(),
                    "correct the YAML");
        } catch (YAMLException e) {
            throw new InvalidFileException(file, 0, "invalid YAML: " + e.getMessage(), "correct the YAML");
        } catch (StackOverflowError _) {
            throw new InvalidFileException(file, 0, "the YAML is nested too deep", depthHint());
        }
    }

    private static String text(String file, byte[] bytes) {
        if (bytes.length > FILE_BYTES) {
            throw new InvalidFileException(
                    file, 0, "the file has more than " + FILE_BYTES + " bytes", "move data to files of their own");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw new InvalidFileException(file, 0, "the file is not UTF-8", "save the file as UTF-8");
        }
    }

    private YamlValue value(Node node, String key, int depth) {
        if (depth > DEPTH) {
            throw error(node, "values are nested deeper than " + DEPTH, depthHint());
        }
        if (++values > VALUES) {
            throw error(
                    node,
                    "the file has more than " + VALUES + " values after aliases are expanded",
                    "remove the aliases");
        }
        requireStandardTag(node, key);
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                List<YamlValue> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(value(item, key, depth + 1));
                }
                yield new Sequence(items, file, line(node));
            }
            case MappingNode mapping -> mapping(mapping, depth);
            default -> throw error(node, "the value is not supported", "write a text, number, list or mapping");
        };
    }

    private void requireStandardTag(Node node, String key) {
        Tag tag = node.getTag();
        if (!DEFAULT_TAGS.contains(tag)) {
            String content = node instanceof ScalarNode scalar ? " " + scalar.getValue() : "";
            String hint = tagHints.getOrDefault(tag.getValue(), "remove the tag");
            throw error(node, "key '" + key + "': tag " + tag.getValue() + content + " is not supported", hint);
        }
    }

    private Mapping mapping(MappingNode node, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode name) || name.getTag().equals(Tag.NULL)) {
                throw error(keyNode, "a key is not a text", "write KEY: VALUE");
            }
            if (name.getTag().equals(Tag.MERGE)) {
                throw error(keyNode, "the merge key << is not supported", "write the keys");
            }
            String key = name.getValue();
            YamlValue value = value(tuple.getValueNode(), key, depth + 1);
            if (entries.put(key, new Entry(key, value, file, line(keyNode))) != null) {
                throw error(keyNode, "duplicate key '" + key + "'", "remove one of the two");
            }
        }
        return new Mapping(entries, file, line(node));
    }

    private Scalar scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        boolean block = node.getScalarStyle() == ScalarStyle.LITERAL || node.getScalarStyle() == ScalarStyle.FOLDED;
        Object value;
        if (tag.equals(Tag.STR)) {
            value = text;
        } else if (tag.equals(Tag.NULL)) {
            value = null;
        } else if (tag.equals(Tag.BOOL)) {
            value = List.of("true", "yes", "on").contains(text.toLowerCase(java.util.Locale.ROOT));
        } else if (tag.equals(Tag.INT) && text.matches("[-+]?(0|[1-9][0-9]{0,17})")) {
            value = Long.valueOf(text);
        } else if (tag.equals(Tag.FLOAT) && text.matches("[-+]?[0-9][0-9]*\\.?[0-9]*([eE][-+]?[0-9]{1,3})?")) {
            value = Double.valueOf(text);
        } else {
            throw error(node, "'" + text + "' is a special value of YAML 1.1", "quote it if it is a text");
        }
        return new Scalar(value, text, file, block ? line(node) + 1 : line(node));
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private InvalidFileException error(Node node, String reason, String hint) {
        return new InvalidFileException(file, line(node), reason, hint);
    }

    private static String depthHint() {
        return "nest at most " + DEPTH + " lists and mappings";
    }
}
