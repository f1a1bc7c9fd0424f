using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageAspire.Core.Images;

/// <summary>Writes <see cref="ImageStatus"/> as <c>received</c>, <c>inspected</c>, …</summary>
public sealed class LowerCaseStatusConverter() : JsonStringEnumConverter<ImageStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
