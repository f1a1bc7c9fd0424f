using MongoDB.Bson;

namespace ImageAspire.Emulators.Values;

/// <summary>
/// MongoDB's order of values of all types, without a collation, and the equality that follows from it: numbers are equal whatever their type,
/// documents only with their fields in the same order. Source: the manual's "Comparison/Sort Order".
/// </summary>
internal sealed class ValueOrder : IComparer<BsonValue>, IEqualityComparer<BsonValue>
{
    /// <summary>The only one.</summary>
    public static readonly ValueOrder Instance = new();

    private ValueOrder()
    {
    }

    /// <summary>Where a type stands among the others. Types of the same rank are compared by value.</summary>
    /// <exception cref="CommandException">The stand-in has no values of this type.</exception>
    public static int RankOf(BsonValue value) => value.BsonType switch
    {
        BsonType.MinKey => -1,
        BsonType.Undefined => 0, // what an empty array sorts as
        BsonType.Null => 1,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double => 2,
        BsonType.String => 3,
        BsonType.Document => 4,
        BsonType.Array => 5,
        BsonType.Binary => 6,
        BsonType.ObjectId => 7,
        BsonType.Boolean => 8,
        BsonType.DateTime => 9,
        BsonType.Timestamp => 10,
        BsonType.RegularExpression => 11,
        BsonType.MaxKey => 12,
        _ => throw CommandException.NotImplemented($"values of type {value.BsonType}"),
    };

    /// <inheritdoc />
    public int Compare(BsonValue? x, BsonValue? y)
    {
        var (a, b) = (x ?? BsonNull.Value, y ?? BsonNull.Value);
        var (rankA, rankB) = (RankOf(a), RankOf(b));
        if (rankA != rankB)
            return rankA.CompareTo(rankB);
        return (a, b) switch
        {
            (BsonString p, BsonString q) => Texts(p.Value, q.Value),
            (BsonDocument p, BsonDocument q) => Documents(p, q),
            (BsonArray p, BsonArray q) => Arrays(p, q),
            (BsonBinaryData p, BsonBinaryData q) => Binaries(p, q),
            (BsonObjectId p, BsonObjectId q) => p.Value.CompareTo(q.Value),
            (BsonBoolean p, BsonBoolean q) => p.Value.CompareTo(q.Value),
            (BsonDateTime p, BsonDateTime q) => p.MillisecondsSinceEpoch.CompareTo(q.MillisecondsSinceEpoch),
            (BsonTimestamp p, BsonTimestamp q) => p.Value.CompareTo(q.Value),
            (BsonRegularExpression p, BsonRegularExpression q) => Texts($"{p.Pattern}\0{p.Options}", $"{q.Pattern}\0{q.Options}"),
            _ when Numbers.IsNumber(a) => Numbers.Compare(a, b),
            _ => 0, // null, and the others that have one value only
        };
    }

    /// <inheritdoc />
    public bool Equals(BsonValue? x, BsonValue? y) => Compare(x, y) == 0;

    /// <inheritdoc />
    public int GetHashCode(BsonValue obj) => obj switch
    {
        BsonDocument document => document.Aggregate(1, (hash, element) => HashCode.Combine(hash, element.Name, GetHashCode(element.Value))),
        BsonArray array => array.Aggregate(2, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        BsonBinaryData binary => binary.Bytes.Aggregate(3, (hash, one) => HashCode.Combine(hash, one)),
        _ when Numbers.IsNumber(obj) => obj.ToDouble().GetHashCode(),
        _ => obj.GetHashCode(),
    };

    // By UTF-8 bytes, which is by code points: surrogates, which stand for U+10000 and above, come after all other characters.
    private static int Texts(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);
        var (x, y) = (a[same], b[same]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }

    // The shorter first, then by subtype, then by bytes.
    private static int Binaries(BsonBinaryData a, BsonBinaryData b)
    {
        if (a.Bytes.Length != b.Bytes.Length)
            return a.Bytes.Length.CompareTo(b.Bytes.Length);
        return a.SubType != b.SubType ? ((byte)a.SubType).CompareTo((byte)b.SubType) : a.Bytes.AsSpan().SequenceCompareTo(b.Bytes);
    }

    private int Arrays(BsonArray a, BsonArray b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (Compare(a[i], b[i]) is not 0 and var difference)
                return difference;
        }

        return a.Count.CompareTo(b.Count);
    }

    // Field by field: by the type of the value, then by name, then by value.
    private int Documents(BsonDocument a, BsonDocument b)
    {
        foreach (var (p, q) in a.Zip(b))
        {
            if (RankOf(p.Value).CompareTo(RankOf(q.Value)) is not 0 and var byType)
                return byType;
            if (Texts(p.Name, q.Name) is not 0 and var byName)
                return byName;
            if (Compare(p.Value, q.Value) is not 0 and var byValue)
                return byValue;
        }

        return a.ElementCount.CompareTo(b.ElementCount);
    }
}
