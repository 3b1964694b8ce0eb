package java.lang;

import java.util.HashMap;

/** Names of hidden classes with a number, in the order of their first use, where HotSpot has an address. */
final class HiddenClassName {
    private static final HashMap<String, Integer> NUMBERS = new HashMap<>();

    private HiddenClassName() {}

    /**
     * @param name HotSpot's, as {@code pkg.Type/0x00007f2c1c0c1000}
     * @return of a hidden class {@code pkg.Type/1}, of others the same
     */
    static String of(String name, Class<?> type) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return name;
        }
        if (type.isArray()) {
            Class<?> component = type.componentType();
            return component.isArray()
                    ? "[".concat(component.getName())
                    : "[L".concat(component.getName()).concat(";");
        }
        if (!type.isHidden()) {
            return name;
        }
        String prefix = name.substring(0, slash + 1);
        synchronized (NUMBERS) {
            Integer number = NUMBERS.get(prefix);
            int next = number == null ? 1 : number + 1;
            NUMBERS.put(prefix, next);
            return prefix.concat(Integer.toString(next)).intern();
        }
    }
}
