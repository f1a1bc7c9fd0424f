using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>A part of an expression. Null is "unknown", as in SQL: a condition on it is neither true nor false.</summary>
internal abstract record SqlExpression
{
    /// <summary>Its value: text, number, truth, time, or null.</summary>
    /// <exception cref="FilterException">Arithmetic on something that is no number.</exception>
    public abstract object? Evaluate(MessageProperties properties);
}

internal sealed record SqlConstant(object? Value) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) => Value;
}

/// <summary><c>newid()</c>: another GUID each time.</summary>
internal sealed record SqlNewId : SqlExpression
{
    public override object Evaluate(MessageProperties properties) => Guid.NewGuid();
}

/// <summary>A property of the system (<c>sys.</c>) or of the sender (<c>user.</c>, or without a scope).</summary>
internal sealed record SqlProperty(bool IsSystem, string Name) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) => IsSystem
        ? properties.System.GetValueOrDefault(Name)
        : properties.TryGetUser(Name, out var value) ? value : null;

    public bool Exists(MessageProperties properties) => IsSystem ? properties.System.ContainsKey(Name) : properties.TryGetUser(Name, out _);
}

internal sealed record SqlExists(SqlProperty Property) : SqlExpression
{
    public override object Evaluate(MessageProperties properties) => Property.Exists(properties);
}

internal sealed record SqlIsNull(SqlExpression Operand) : SqlExpression
{
    public override object Evaluate(MessageProperties properties) => Operand.Evaluate(properties) is null;
}

internal sealed record SqlNot(SqlExpression Operand) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) => SqlValues.Truth(Operand.Evaluate(properties)) is { } truth ? !truth : null;
}

/// <summary>AND, OR.</summary>
internal sealed record SqlLogic(bool IsAnd, SqlExpression Left, SqlExpression Right) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties)
    {
        // One side alone may decide: false AND unknown is false, true OR unknown is true.
        var left = SqlValues.Truth(Left.Evaluate(properties));
        if (left == !IsAnd)
            return left;
        var right = SqlValues.Truth(Right.Evaluate(properties));
        return right == !IsAnd ? right : left is null || right is null ? null : IsAnd;
    }
}

internal sealed record SqlComparison(string Symbol, SqlExpression Left, SqlExpression Right) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) => SqlValues.Compare(Left.Evaluate(properties), Right.Evaluate(properties)) is not { } order ? null : Symbol switch
    {
        "=" => order == 0,
        "<>" or "!=" => order != 0,
        "<" => order is < 0 and not SqlValues.Unordered,
        "<=" => order is <= 0 and not SqlValues.Unordered,
        ">" => order is > 0 and not SqlValues.Unordered,
        _ => order is >= 0 and not SqlValues.Unordered,
    };
}

internal sealed record SqlIn(SqlExpression Operand, IReadOnlyList<SqlExpression> Values) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties)
    {
        var operand = Operand.Evaluate(properties);
        var isUnknown = false;
        foreach (var value in Values)
        {
            var order = SqlValues.Compare(operand, value.Evaluate(properties));
            if (order == 0)
                return true;
            isUnknown |= order is null;
        }

        return isUnknown ? null : false;
    }
}

internal sealed record SqlLike(SqlExpression Operand, SqlExpression Pattern, char? Escape) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) =>
        Operand.Evaluate(properties) is string text && Pattern.Evaluate(properties) is string pattern ? LikePattern.Matches(text, pattern, Escape) : null;
}

internal sealed record SqlArithmetic(char Symbol, SqlExpression Left, SqlExpression Right) : SqlExpression
{
    public override object? Evaluate(MessageProperties properties) => SqlValues.Calculate(Symbol, Left.Evaluate(properties), Right.Evaluate(properties));
}
