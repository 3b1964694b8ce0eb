package io.rootstock.cli.command;

import io.rootstock.names.EnumNames;
import io.rootstock.tokenizer.v1.RowShape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Value of {@code --shape}: {@code preference-texts} is ROW_SHAPE_PREFERENCE_TEXTS. */
final class ShapeConverter implements ITypeConverter<RowShape> {
    private static final List<RowShape> OTHERS =
            List.of(RowShape.ROW_SHAPE_UNSPECIFIED, RowShape.ROW_SHAPE_LINE_ALIGNED, RowShape.UNRECOGNIZED);

    @Override
    public RowShape convert(String argument) {
        Optional<RowShape> shape = Arrays.stream(RowShape.values())
                .filter(each -> !OTHERS.contains(each) && name(each).equals(argument.toLowerCase(Locale.ROOT)))
                .findFirst();
        return shape.orElseThrow(() -> new TypeConversionException("invalid shape '" + argument + "'"));
    }

    private static String name(RowShape shape) {
        return EnumNames.lowerCase(shape).replace('_', '-');
    }
}
