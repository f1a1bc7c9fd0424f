using System.Globalization;
using System.Xml;

namespace ImageAspire.ServiceBusEmulator.Messages;

/// <summary>A value of a property as text with its type, named as in XML Schema.</summary>
/// <param name="Type">string, int, long, double, decimal, boolean, dateTime, duration or guid.</param>
/// <param name="Text">The value.</param>
internal sealed record PropertyValue(string Type, string Text)
{
    public static PropertyValue Of(object? value) => value switch
    {
        bool truth => new("boolean", truth ? "true" : "false"),
        sbyte or byte or short or ushort or int => new("int", Convert.ToString(value, CultureInfo.InvariantCulture)!),
        uint or long or ulong => new("long", Convert.ToString(value, CultureInfo.InvariantCulture)!),
        float or double => new("double", Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        decimal number => new("decimal", number.ToString(CultureInfo.InvariantCulture)),
        DateTime time => new("dateTime", XmlConvert.ToString(time, XmlDateTimeSerializationMode.Utc)),
        DateTimeOffset time => new("dateTime", XmlConvert.ToString(time.UtcDateTime, XmlDateTimeSerializationMode.Utc)),
        TimeSpan span => new("duration", XmlConvert.ToString(span)),
        Guid id => new("guid", id.ToString()),
        _ => new("string", value?.ToString() ?? ""),
    };

    /// <summary>The value in .NET's type.</summary>
    /// <exception cref="FormatException">The text is none of its type.</exception>
    public object Value() => Type switch
    {
        "boolean" => XmlConvert.ToBoolean(Text),
        "int" => XmlConvert.ToInt32(Text),
        "long" => XmlConvert.ToInt64(Text),
        "double" or "float" => XmlConvert.ToDouble(Text),
        "decimal" => XmlConvert.ToDecimal(Text),
        "dateTime" => XmlConvert.ToDateTime(Text, XmlDateTimeSerializationMode.Utc),
        "duration" => XmlConvert.ToTimeSpan(Text),
        "guid" => XmlConvert.ToGuid(Text),
        _ => Text,
    };
}
