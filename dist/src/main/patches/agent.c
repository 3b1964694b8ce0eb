/*
 * An agent of the builder's JVM. It lets native methods be Java methods: the JVM then links its own to those with the prefix
 * native_. And it stops the clock at the time of its option, in seconds since 1970, because objects of executables hold times.
 * The code of executables reads the clock as before, which would not be so with a changed class.
 */
#include <jvmti.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static jlong seconds;
static jvmtiEnv *jvmti;

static jlong JNICALL current_time_millis(JNIEnv *env, jclass type) {
    (void) env;
    (void) type;
    return seconds * 1000;
}

static jlong JNICALL nano_time_adjustment(JNIEnv *env, jclass type, jlong offset) {
    (void) env;
    (void) type;
    return (seconds - offset) * 1000000000;
}

static int has_signature(jclass type, const char *expected) {
    char *signature;
    if ((*jvmti)->GetClassSignature(jvmti, type, &signature, NULL) != JVMTI_ERROR_NONE) {
        return 0;
    }
    int equal = strcmp(signature, expected) == 0;
    (*jvmti)->Deallocate(jvmti, (unsigned char *) signature);
    return equal;
}

/* Whether a class of the executable reads the clock, itself or for the seed of a generator of random numbers. */
static int called_by_application(JNIEnv *env) {
    jvmtiFrameInfo frames[8];
    jint count = 0;
    if ((*jvmti)->GetStackTrace(jvmti, NULL, 1, 8, frames, &count) != JVMTI_ERROR_NONE) {
        return 0;
    }
    for (jint i = 0; i < count; i++) {
        jclass type;
        if ((*jvmti)->GetMethodDeclaringClass(jvmti, frames[i].method, &type) != JVMTI_ERROR_NONE) {
            return 0;
        }
        if (!has_signature(type, "Ljava/util/Random;")) {
            jobject loader;
            return (*jvmti)->GetClassLoader(jvmti, type, &loader) == JVMTI_ERROR_NONE && loader != NULL
                    && has_signature((*env)->GetObjectClass(env, loader), "Lcom/oracle/svm/hosted/NativeImageClassLoader;");
        }
    }
    return 0;
}

/* The builder itself waits by this clock. */
static jlong JNICALL nano_time(JNIEnv *env, jclass type) {
    struct timespec now;
    (void) type;
    if (called_by_application(env)) {
        return seconds * 1000000000;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void replace(JNIEnv *env, const char *type, const char *method, const char *descriptor, void *function) {
    JNINativeMethod native = {(char *) method, (char *) descriptor, function};
    jclass found = (*env)->FindClass(env, type);
    if (found == NULL || (*env)->RegisterNatives(env, found, &native, 1) != JNI_OK) {
        (*env)->FatalError(env, "cannot replace a method of the clock");
    }
}

static void JNICALL vm_init(jvmtiEnv *jvmti_env, JNIEnv *env, jthread thread) {
    (void) jvmti_env;
    (void) thread;
    replace(env, "java/lang/System", "currentTimeMillis", "()J", (void *) current_time_millis);
    replace(env, "java/lang/System", "nanoTime", "()J", (void *) nano_time);
    replace(env, "jdk/internal/misc/VM", "getNanoTimeAdjustment", "(J)J", (void *) nano_time_adjustment);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    jvmtiCapabilities capabilities = {.can_set_native_method_prefix = 1};
    jvmtiEventCallbacks callbacks = {.VMInit = vm_init};
    (void) reserved;
    seconds = options == NULL ? 0 : strtoll(options, NULL, 10);
    if (seconds <= 0 || (*vm)->GetEnv(vm, (void **) &jvmti, JVMTI_VERSION_1_2) != JNI_OK
            || (*jvmti)->AddCapabilities(jvmti, &capabilities) != JVMTI_ERROR_NONE
            || (*jvmti)->SetNativeMethodPrefix(jvmti, "native_") != JVMTI_ERROR_NONE
            || (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks) != JVMTI_ERROR_NONE
            || (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT, NULL) != JVMTI_ERROR_NONE) {
        return JNI_ERR;
    }
    return JNI_OK;
}
