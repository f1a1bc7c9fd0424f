using ImageAspire.Api.Http;
using ImageAspire.Core.Images;

namespace ImageAspire.Api.Uploads;

/// <summary>The answer to several files: one item each, in the order of the request.</summary>
/// <param name="Items">The items.</param>
public sealed record UploadAnswer(IReadOnlyList<UploadItem> Items);

/// <summary>The result for one file.</summary>
/// <param name="Name">Its clean name.</param>
/// <param name="Status">202 accepted, 200 already stored, or the status of the problem.</param>
/// <param name="Image">The record.</param>
/// <param name="Duplicate">True when the bytes were already stored.</param>
/// <param name="Problem">Why it was refused.</param>
public sealed record UploadItem(string Name, int Status, ImageRecord? Image = null, bool? Duplicate = null, ApiProblem? Problem = null);
