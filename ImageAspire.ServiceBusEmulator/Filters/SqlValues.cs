using System.Globalization;

namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>Comparison and arithmetic of values of different types.</summary>
internal static class SqlValues
{
    /// <summary>The order of two values that are not equal and have none.</summary>
    public const int Unordered = int.MinValue;

    /// <summary>The truth of a value; null when unknown.</summary>
    /// <exception cref="FilterException">The value is no truth.</exception>
    public static bool? Truth(object? value) => value switch
    {
        null => null,
        bool truth => truth,
        _ => throw new FilterException($"'{value}' is neither true nor false."),
    };

    /// <summary>Below, equal to or above zero; <see cref="Unordered"/> for unequal GUIDs; null when one is unknown or their types do not compare.</summary>
    public static int? Compare(object? left, object? right) => (Normal(left), Normal(right)) switch
    {
        (null, _) or (_, null) => null,
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        (Guid a, Guid b) => a == b ? 0 : Unordered,
        (Guid a, string b) => Guid.TryParse(b, out var parsed) && a == parsed ? 0 : Unordered,
        (string a, Guid b) => Guid.TryParse(a, out var parsed) && b == parsed ? 0 : Unordered,
        (double a, double b) => a.CompareTo(b),
        (double a, decimal b) => a.CompareTo((double)b),
        (decimal a, double b) => ((double)a).CompareTo(b),
        (decimal a, decimal b) => a.CompareTo(b),
        _ => null,
    };

    /// <summary>+ - * / %; + also joins text. Null when one side is unknown.</summary>
    /// <exception cref="FilterException">No numbers, a division by zero, or a result that is too large.</exception>
    public static object? Calculate(char symbol, object? left, object? right)
    {
        try
        {
            return (Normal(left), Normal(right)) switch
            {
                (null, _) or (_, null) => null,
                (string a, string b) when symbol == '+' => a + b,
                (decimal a, decimal b) when left is not decimal && right is not decimal => decimal.ToInt64(symbol == '/' ? decimal.Truncate(a / b) : Of(symbol, a, b)),
                (decimal a, decimal b) => symbol == '/' ? a / b : Of(symbol, a, b),
                (double a, double b) => Of(symbol, a, b),
                (double a, decimal b) => Of(symbol, a, (double)b),
                (decimal a, double b) => Of(symbol, (double)a, b),
                _ => throw new FilterException($"'{left}' {symbol} '{right}': these are no numbers."),
            };
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw new FilterException($"{left} {symbol} {right} has no result: {error.Message}");
        }
    }

    private static decimal Of(char symbol, decimal a, decimal b) => symbol switch { '+' => a + b, '-' => a - b, '*' => a * b, _ => a % b };

    private static double Of(char symbol, double a, double b) => symbol switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => a % b };

    // Few types in place of AMQP's many: whole and exact numbers are decimal, approximate ones double.
    private static object? Normal(object? value) => value switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        float single => (double)single,
        DateTimeOffset time => time.UtcDateTime,
        DateTime time => time.ToUniversalTime(),
        char character => character.ToString(),
        Uri address => address.OriginalString,
        _ => value,
    };
}
