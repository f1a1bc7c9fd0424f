using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>32-bit and 64-bit integers and doubles: compared exactly, added as MongoDB does.</summary>
internal static class Numbers
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>Whether a value is a number.</summary>
    public static bool IsNumber(BsonValue value) => value is BsonInt32 or BsonInt64 or BsonDouble;

    /// <summary>Compares two numbers; NaN is the least.</summary>
    public static int Compare(BsonValue a, BsonValue b) => (a, b) switch
    {
        (BsonDouble p, BsonDouble q) => p.Value.CompareTo(q.Value),
        (BsonDouble p, _) => -Compare(b.ToInt64(), p.Value),
        (_, BsonDouble q) => Compare(a.ToInt64(), q.Value),
        _ => a.ToInt64().CompareTo(b.ToInt64()),
    };

    /// <summary>The sum in the wider type of the two; of two 32-bit integers in 64 bits when 32 are too few.</summary>
    /// <exception cref="OverflowException">64 bits are too few.</exception>
    public static BsonValue Add(BsonValue a, BsonValue b)
    {
        if (a is BsonDouble || b is BsonDouble)
            return new BsonDouble(a.ToDouble() + b.ToDouble());
        var sum = checked(a.ToInt64() + b.ToInt64());
        return a is BsonInt32 && b is BsonInt32 && sum is >= int.MinValue and <= int.MaxValue ? new BsonInt32((int)sum) : new BsonInt64(sum);
    }

    /// <summary>A whole number that an option or an operator needs.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static int Whole(BsonValue value, string what)
    {
        if (!IsNumber(value))
            throw new CommandException(ErrorCode.TypeMismatch, $"{what} must be a number, but is {value.BsonType}");
        return value.ToDouble() is var number && number == Math.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number : throw new CommandException(ErrorCode.BadValue, $"{what} must be a whole number of 32 bits, but is {value}");
    }

    private static int Compare(long whole, double other)
    {
        if (double.IsNaN(other) || other < -TwoTo63)
            return 1;
        if (other >= TwoTo63)
            return -1;
        var truncated = (long)other;
        return whole != truncated ? whole.CompareTo(truncated) : 0.0.CompareTo(other - truncated);
    }
}
