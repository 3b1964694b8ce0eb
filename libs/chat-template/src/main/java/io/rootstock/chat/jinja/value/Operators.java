package io.rootstock.chat.jinja.value;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's operators. */
public final class Operators {
    private Operators() {}

    public static Object binary(String operator, Object left, Object right) {
        if (operator.equals("~")) {
            return Python.str(left).concat(Python.str(right));
        }
        if (left instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (right instanceof Undefined undefined && !(left instanceof Text && operator.equals("%"))) {
            throw undefined.error();
        }
        return switch (operator) {
            case "+" -> {
                if (left instanceof Text a && right instanceof Text b) {
                    yield a.plus(b);
                }
                if (left instanceof List<?> a && right instanceof List<?> b) {
                    Budget.items(a.size() + (long) b.size());
                    List<Object> both = new ArrayList<>(a);
                    both.addAll(b);
                    yield both;
                }
                yield arithmetic(operator, left, right);
            }
            case "*" -> {
                if (left instanceof Text text && right instanceof Long times) {
                    yield text.repeated(times);
                }
                if (left instanceof Long times && right instanceof Text text) {
                    yield text.repeated(times);
                }
                yield arithmetic(operator, left, right);
            }
            case "%" ->
                left instanceof Text format
                        ? Formats.percent(format, right instanceof List<?> values ? values : List.of(right))
                        : arithmetic(operator, left, right);
            default -> arithmetic(operator, left, right);
        };
    }

    private static Object arithmetic(String operator, Object left, Object right) {
        if (!isNumber(left) || !isNumber(right)) {
            throw new JinjaException("unsupported operand types for " + operator + ": '" + Python.type(left) + "' and '"
                    + Python.type(right) + "'");
        }
        try {
            if (left instanceof Double || right instanceof Double || operator.equals("/")) {
                return decimals(operator, number(left), number(right));
            }
            return integers(operator, whole(left), whole(right));
        } catch (ArithmeticException e) {
            throw new JinjaException(operator + ": " + e.getMessage());
        }
    }

    private static Object integers(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            case "**" -> right < 0 ? (Object) Math.pow((double) left, (double) right) : (Object) power(left, right);
            default -> throw new JinjaException("unknown operator " + operator);
        };
    }

    private static long power(long base, long exponent) {
        if (exponent > 64 && (base < -1 || base > 1)) {
            throw new ArithmeticException("too large");
        }
        long result = 1;
        for (long i = 0; i < Math.min(exponent, 64); i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static Object decimals(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            case "**" -> Math.pow(left, right);
            default -> throw new JinjaException("unknown operator " + operator);
        };
    }

    public static Object negated(Object value) {
        return switch (value) {
            case Long number when number == Long.MIN_VALUE -> throw new JinjaException("-: too large");
            case Long number -> -number;
            case Double number -> -number;
            case Boolean truth -> truth ? -1L : 0L;
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("bad operand type for unary -: '" + Python.type(value) + "'");
        };
    }

    public static boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            case ">=" -> order(left, right) >= 0;
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            default -> throw new JinjaException("unknown operator " + operator);
        };
    }

    public static boolean equal(Object left, Object right) {
        Budget.enter();
        boolean equal = equalValues(left, right);
        Budget.leave();
        return equal;
    }

    private static boolean equalValues(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return (left instanceof Double || right instanceof Double)
                    ? number(left) == number(right)
                    : whole(left) == whole(right);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            Iterator<?> others = b.iterator();
            return a.size() == b.size() && a.stream().allMatch(item -> equal(item, others.next()));
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        return left.equals(right);
    }

    /** Compares in Python's order; throws for types without an order. */
    public static int order(Object left, Object right) {
        Budget.enter();
        int order = orderOfValues(left, right);
        Budget.leave();
        return order;
    }

    private static int orderOfValues(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return (left instanceof Double || right instanceof Double)
                    ? Double.compare(number(left), number(right))
                    : Long.compare(whole(left), whole(right));
        }
        if (left instanceof Text a && right instanceof Text b) {
            return a.compareTo(b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return order(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        if (left instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new JinjaException("no order between '" + Python.type(left) + "' and '" + Python.type(right) + "'");
    }

    public static boolean contains(Object container, Object value) {
        return switch (container) {
            case Text text when value instanceof Text part -> text.indexOf(part.toString(), 0) >= 0;
            case Text _ when value instanceof Undefined undefined -> throw undefined.error();
            case Text _ ->
                throw new JinjaException("'in <string>' requires string as left operand, not " + Python.type(value));
            case List<?> list -> list.stream().anyMatch(item -> equal(item, value));
            case Map<?, ?> map -> map.containsKey(Python.key(value));
            case Undefined _ -> false;
            default -> throw new JinjaException("argument of type '" + Python.type(container) + "' is not iterable");
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    public static double number(Object value) {
        return switch (value) {
            case Boolean truth -> truth ? 1 : 0;
            case Number number -> number.doubleValue();
            default -> throw new JinjaException("must be a number, not " + Python.type(value));
        };
    }

    public static long whole(Object value) {
        return switch (value) {
            case Boolean truth -> truth ? 1 : 0;
            case Long number -> number;
            default -> throw new JinjaException("must be a whole number, not " + Python.type(value));
        };
    }
}
