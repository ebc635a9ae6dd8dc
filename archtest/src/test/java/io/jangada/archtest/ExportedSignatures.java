// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a module shows of itself to whoever requires it. */
final class ExportedSignatures {
    private final Module module;
    private final Set<Module> seen = new HashSet<>();

    ExportedSignatures(Module module) {
        this.module = module;
        addWithTransitive(module);
        seen.add(Object.class.getModule());
    }

    /** The public types of the packages that are exported to everybody. */
    List<Class<?>> types() {
        List<Class<?>> types = new ArrayList<>();
        try (ModuleReader reader = module.getLayer().configuration().findModule(module.getName())
                .orElseThrow().reference().open()) {
            reader.list().filter(name -> name.endsWith(".class") && name.contains("/"))
                    .map(name -> name.substring(0, name.length() - ".class".length())
                            .replace('/', '.'))
                    .map(name -> Class.forName(module, name))
                    .filter(type -> type != null && isShown(type)).forEach(types::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return types;
    }

    /** The signatures with a type that not every reader of the module can name. */
    Set<String> hidden() {
        Set<String> hidden = new TreeSet<>();
        for (Class<?> type : types()) {
            check(type, "extends", type.getGenericSuperclass(), hidden);
            for (Type each : type.getGenericInterfaces()) {
                check(type, "implements", each, hidden);
            }
            for (Field each : type.getDeclaredFields()) {
                if (isPublic(each.getModifiers())) {
                    check(type, each.getName(), each.getGenericType(), hidden);
                }
            }
            for (Constructor<?> each : type.getDeclaredConstructors()) {
                check(type, each, hidden);
            }
            for (Method each : type.getDeclaredMethods()) {
                if (!each.isBridge() && isPublic(each.getModifiers())) {
                    check(type, each.getName(), each.getGenericReturnType(), hidden);
                }
                check(type, each, hidden);
            }
        }
        return hidden;
    }

    private void check(Class<?> owner, Executable member, Set<String> hidden) {
        if (member.isSynthetic() || !isPublic(member.getModifiers())) {
            return;
        }
        for (Type each : member.getGenericParameterTypes()) {
            check(owner, member.getName(), each, hidden);
        }
        for (Type each : member.getGenericExceptionTypes()) {
            check(owner, member.getName(), each, hidden);
        }
    }

    private void check(Class<?> owner, String member, @Nullable Type type, Set<String> hidden) {
        for (Class<?> part : parts(type)) {
            if (!part.isPrimitive() && !isNamable(part)) {
                hidden.add(owner.getName() + " " + member + ": " + part.getName() + " of "
                        + part.getModule());
            }
        }
    }

    private boolean isNamable(Class<?> type) {
        return isShownPart(type) && seen.contains(type.getModule())
                && type.getModule().isExported(type.getPackageName());
    }

    private boolean isShown(Class<?> type) {
        return isShownPart(type) && module.isExported(type.getPackageName());
    }

    /** Public with all the types around it. */
    private static boolean isShownPart(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            if (!isPublic(each.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPublic(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** The classes that a type is made of; the bounds of type variables are left out. */
    private static List<Class<?>> parts(@Nullable Type type) {
        List<Class<?>> parts = new ArrayList<>();
        switch (type) {
            case null -> {
            }
            case Class<?> one when one.isArray() -> parts.addAll(parts(one.getComponentType()));
            case Class<?> one -> parts.add(one);
            case GenericArrayType array -> parts.addAll(parts(array.getGenericComponentType()));
            case ParameterizedType generic -> {
                parts.addAll(parts(generic.getRawType()));
                for (Type each : generic.getActualTypeArguments()) {
                    parts.addAll(parts(each));
                }
            }
            case WildcardType wildcard -> {
                for (Type each : wildcard.getUpperBounds()) {
                    parts.addAll(parts(each));
                }
            }
            default -> {
            } // A variable stands for what its user names.
        }
        return parts;
    }

    private void addWithTransitive(Module from) {
        if (seen.add(from)) {
            for (ModuleDescriptor.Requires each : from.getDescriptor().requires()) {
                if (each.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE)) {
                    from.getLayer().findModule(each.name()).ifPresent(this::addWithTransitive);
                }
            }
        }
    }
}
