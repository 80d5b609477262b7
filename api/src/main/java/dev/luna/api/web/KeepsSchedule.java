package dev.luna.api.web;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether this process keeps the schedule. The framework's own conditions do not know {@code off}, {@code no} and {@code 0}. */
public final class KeepsSchedule implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind("luna.schedule.enabled", boolean.class)
                .orElse(false);
    }
}
