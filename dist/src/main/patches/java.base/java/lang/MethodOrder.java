package java.lang;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;

/** Methods and constructors by name and signature. HotSpot has them in the order of the addresses of their names. */
final class MethodOrder {
    private MethodOrder() {}

    /** Sorts methods, and leaves out the added native ones: the builder makes all methods of Object part of executables. */
    static Method[] sort(Method[] methods) {
        Arrays.sort(methods, new ByName());
        int kept = 0;
        for (Method method : methods) {
            if (method.getDeclaringClass().getClassLoader() != null || !method.getName().startsWith("native_")) {
                methods[kept++] = method;
            }
        }
        return kept == methods.length ? methods : Arrays.copyOf(methods, kept);
    }

    static <T> Constructor<T>[] sort(Constructor<T>[] constructors) {
        Arrays.sort(constructors, new BySignature());
        return constructors;
    }

    private static int compare(Class<?>[] left, Class<?>[] right) {
        for (int i = 0; i < left.length && i < right.length; i++) {
            int order = left[i].getName().compareTo(right[i].getName());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static final class ByName implements Comparator<Method> {
        @Override
        public int compare(Method left, Method right) {
            int order = left.getName().compareTo(right.getName());
            if (order == 0) {
                order = MethodOrder.compare(left.getParameterTypes(), right.getParameterTypes());
            }
            return order != 0
                    ? order
                    : left.getReturnType().getName().compareTo(right.getReturnType().getName());
        }
    }

    private static final class BySignature implements Comparator<Constructor<?>> {
        @Override
        public int compare(Constructor<?> left, Constructor<?> right) {
            return MethodOrder.compare(left.getParameterTypes(), right.getParameterTypes());
        }
    }
}
